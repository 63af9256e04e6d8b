internal import Sessions

/// What stands under a key, as an item of memcached: its kind is in the item's flags.
enum SharedItem: Equatable {
    /// Nothing but a mark that somebody fills.
    case lease
    /// A copy: the version in 8 bytes, the highest first, and what the node sealed.
    case live(SharedCopy)
    /// The session was revoked.
    case tombstone
    /// Somebody else's item, or a damaged one.
    case foreign

    /// "SL" and "ST": numbers that other clients don't use.
    ///
    /// 0 is what memcached gives an item that a get puts there.
    private static let (leaseFlags, liveFlags, tombstoneFlags): (UInt32, UInt32, UInt32) = (0, 0x534C, 0x5354)

    /// Reads an item.
    init(value: [UInt8], flags: MetaFlags) {
        switch flags.client {
        case Self.leaseFlags where value.isEmpty: self = .lease
        case Self.tombstoneFlags: self = .tombstone
        case Self.liveFlags where value.count >= 8 && !flags.isStale:
            let version = value.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            self = .live(SharedCopy(version: Int64(bitPattern: version), bytes: Array(value.dropFirst(8))))
        default: self = .foreign
        }
    }

    /// The command that puts a copy over the item of a CAS.
    static func putting(
        _ copy: SharedCopy, at key: MemcachedKey, for life: MemcachedLife, over cas: UInt64
    ) -> MemcachedCommand {
        let version = (0..<8).reversed().map { UInt8(truncatingIfNeeded: copy.version >> ($0 * 8)) }
        return .set(key, value: version + copy.bytes, flags: liveFlags, life: life, cas: cas)
    }

    /// The command that puts a tombstone over whatever stands there.
    static func burying(_ key: MemcachedKey, for life: MemcachedLife) -> MemcachedCommand {
        .set(key, value: [], flags: tombstoneFlags, life: life)
    }
}
