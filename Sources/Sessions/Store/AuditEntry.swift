/// What somebody did through the operator's plane.
public enum AuditAction: String, Sendable {
    /// Ended sessions.
    case revoke
    /// Moved deadlines.
    case extend
    /// Asked what a revoke would do.
    case dryRun
    /// Saw a secret on purpose.
    case reveal
    /// Wrote sessions into a file.
    case export
    /// Set a cut-off.
    case cutoff
    /// Denied single tokens.
    case deny
    /// A stolen refresh token was used: its family was ended.
    case reuse
    /// Took a node out, or in again.
    case steer
    /// Sealed payloads again with the newest key.
    case reseal
}

/// One entry of the append-only audit log.
///
/// Each carries the hash of the one before it, so that a change, a removal or a reordering shows.
public struct AuditEntry: Sendable, Equatable {
    /// Its number, from 1 without gaps.
    public var number: Int64
    /// When, by the clock of whoever did it.
    public var at: Timestamp
    /// Who.
    public var actor: String
    /// What.
    public var action: AuditAction
    /// On what: `s:7f3a91c2d0e1`, `user:alice`, `everyone`, `12 sessions`.
    public var target: String
    /// How many sessions it was for.
    public var count: Int
    /// How many sessions ended in each outcome: `revoked 3, alreadyRevoked 1`.
    public var result: String
    /// Why.
    public var reason: String?
    /// SHA-256 over the sessions concerned and the outcome of each, in order; the rows stand in the store.
    public var outcomesDigest: [UInt8]
    /// The hash of the entry before; 32 zeros for the first.
    public var previous: [UInt8]
    /// The hash of this entry: over everything above.
    public var hash: [UInt8]

    /// Makes the entry that follows another, with its hash.
    public init(
        number: Int64, at: Timestamp, actor: String, action: AuditAction, target: String, count: Int, result: String,
        reason: String?, outcomesDigest: [UInt8], previous: [UInt8]
    ) {
        self.number = number
        self.at = at
        self.actor = actor
        self.action = action
        self.target = target
        self.count = count
        self.result = result
        self.reason = reason
        self.outcomesDigest = outcomesDigest
        self.previous = previous
        hash = []
        hash = computedHash
    }

    /// The hash that the entry's fields give.
    ///
    /// Each field is preceded by its length, so that none can borrow from another.
    public var computedHash: [UInt8] {
        var bytes: [UInt8] = []
        func append(_ field: some Collection<UInt8>) {
            withUnsafeBytes(of: UInt64(field.count).bigEndian) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: field)
        }
        for number in [number, at.milliseconds, Int64(count)] {
            append(withUnsafeBytes(of: number.bigEndian) { Array($0) })
        }
        for text in [actor, action.rawValue, target, result] { append(Array(text.utf8)) }
        append(reason.map { [1] + Array($0.utf8) } ?? [0])
        append(outcomesDigest)
        append(previous)
        return IDHash(hashing: bytes).bytes
    }

    /// Whether this entry follows another unchanged; `nil` stands for the beginning.
    public func follows(_ entry: AuditEntry?) -> Bool {
        number == (try? Self.number(after: entry?.number))
            && previous == (entry?.hash ?? Array(repeating: 0, count: 32)) && hash == computedHash
    }

    /// The number of an entry after the one with another; `nil` stands for the beginning.
    ///
    /// - Throws: ``SessionsError`` with `corrupt` where none comes after it.
    package static func number(after last: Int64?) throws -> Int64 {
        let (number, isBeyond) = (last ?? 0).addingReportingOverflow(1)
        guard !isBeyond else { throw SessionsError.badPosition }
        return number
    }
}
