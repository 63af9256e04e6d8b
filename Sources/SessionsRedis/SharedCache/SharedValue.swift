internal import Sessions

/// The values of a shared cache: a letter that says what it is, then the rest.
///
/// `L` and the eight bytes of a token; `V`, the eight bytes of a version and the copy's bytes; `T`. Numbers are
/// big-endian: scripts compare them as bytes, for Lua's numbers have 53 bits.
enum SharedValue {
    static let tombstone: [UInt8] = [UInt8(ascii: "T")]

    static func lease(_ lease: SharedLease) -> [UInt8] { [UInt8(ascii: "L")] + bytes(lease.token) }

    static func live(_ copy: SharedCopy) -> [UInt8] { beginning(version: copy.version) + copy.bytes }

    /// How every copy of a version begins.
    static func beginning(version: Int64) -> [UInt8] {
        [UInt8(ascii: "V")] + bytes(UInt64(bitPattern: version))
    }

    /// What a value says; `nil` where there is none.
    ///
    /// What we didn't write says nothing: a script that takes a lease writes over it.
    static func read(_ reply: RESPValue) -> SharedRead? {
        guard case .bytes(let value) = reply, let kind = value.first else { return nil }
        switch kind {
        case UInt8(ascii: "T") where value.count == 1: return .tombstone
        case UInt8(ascii: "L") where value.count == 9: return .taken
        case UInt8(ascii: "V") where value.count >= 9:
            let version = value[1..<9].reduce(0) { $0 << 8 | UInt64($1) }
            return .live(SharedCopy(version: Int64(bitPattern: version), bytes: Array(value[9...])))
        default: return nil
        }
    }

    private static func bytes(_ number: UInt64) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }
}
