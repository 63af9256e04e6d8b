internal import Sessions

/// How changes are numbered so that whoever follows them misses none, though writers commit in any order.
///
/// A change takes the next number of a sequence, which makes nobody wait. A transaction with a low number may commit
/// after one with a higher: a reader that has gone past would never see it. So a writer first announces the last number
/// that was given out, by a shared advisory lock on it, which PostgreSQL holds until the transaction's end. Its own
/// numbers are higher. A reader goes up to the lowest number announced, and no further: whatever was given out up to
/// there is committed, or never will be.
///
/// It must look at the sequence first, at the locks then, and at the rows last. A writer that the look at the locks
/// misses either has ended, and its rows are seen; or it announces later, and then its numbers are higher than the
/// sequence's that was looked at.
///
/// A counter in the namespace's row would do as well, but each commit would wait for the disk of the one before. The
/// horizon of PostgreSQL's own snapshots would, too, but any long transaction of the whole server would hold it up.
struct ChangeLog: Sendable {
    /// The first number of the announcements' locks.
    let key: Int32

    init(schema: String, namespace: Int64) { key = LockKey("changes", schema, "\(namespace)").half }

    /// Must be the first statement of whatever writes to sessions.
    var announce: Command { Self.announceStatement(.integer(Int64(key))) }

    /// What a reader looks at first, in this order.
    var look: [Command] { [Self.last(), Self.announced(.integer(Int64(UInt32(bitPattern: key))))] }

    private static let announceStatement = Statement(
        "announce",
        """
        SELECT pg_advisory_xact_lock_shared($1::bigint::int, (last_value & 2147483647)::int) FROM change_numbers
        """)
    private static let last = Statement("last_change", "SELECT last_value, pg_is_in_recovery() FROM change_numbers")
    private static let announced = Statement(
        "announced",
        """
        SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = $1::bigint::oid AND objsubid = 2
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """)

    /// Where the changes stand.
    struct Horizon: Sendable {
        /// The last number that was given out.
        var last: Int64
        /// Every change up to here is committed, or never will be.
        var settled: Int64
        /// A standby doesn't know what its primary is still writing.
        var isKnown: Bool
    }

    /// Makes a horizon of what ``look`` found.
    static func horizon(_ found: ArraySlice<Rows>) -> Horizon {
        let (last, isStandby) = found.first?.first { ($0.integer(0), $0.bool(1)) } ?? (0, true)
        let announced = found.last?.map { $0.integer(0) } ?? []
        return Horizon(
            last: last, settled: announced.reduce(last) { min($0, number(announced: $1, last: last)) },
            isKnown: !isStandby)
    }

    /// The number that was announced: a lock holds its lowest 31 bits.
    ///
    /// - Parameters:
    ///   - bits: what the lock holds.
    ///   - last: the last number given out, which is near.
    /// - Returns: the number, higher than `last` where it was announced since; `last` where there can be none such.
    static func number(announced bits: Int64, last: Int64) -> Int64 {
        let distance = (bits &- last) & 0x7fff_ffff
        let (number, isBeyond) = last.addingReportingOverflow(distance < 1 << 30 ? distance : distance - 1 << 31)
        return isBeyond ? last : number
    }
}
