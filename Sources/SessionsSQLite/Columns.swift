#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#endif
internal import GRDBSQLite
internal import Sessions

/// The columns of the row that a statement stands on, by position.
///
/// Valid until the statement's next step.
struct Columns {
    let statement: OpaquePointer

    func isNull(_ index: Int32) -> Bool { sqlite3_column_type(statement, index) == SQLITE_NULL }
    func integer(_ index: Int32) -> Int64 { sqlite3_column_int64(statement, index) }
    func bool(_ index: Int32) -> Bool { integer(index) != 0 }
    func moment(_ index: Int32) -> Timestamp { Timestamp(milliseconds: integer(index)) }
    func optionalMoment(_ index: Int32) -> Timestamp? { isNull(index) ? nil : moment(index) }
    func position(_ index: Int32) -> FeedPosition { FeedPosition(integer(index)) }

    /// Lends the bytes of a text or a blob; `nil` for NULL.
    func withBytes<Result>(_ index: Int32, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result? {
        guard !isNull(index) else { return nil }
        let start = sqlite3_column_blob(statement, index)
        return try body(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, index))))
    }

    func bytes(_ index: Int32) -> [UInt8] { withBytes(index) { Array($0) } ?? [] }
    func optionalText(_ index: Int32) -> String? { withBytes(index) { String(decoding: $0, as: UTF8.self) } }
    func text(_ index: Int32) -> String { optionalText(index) ?? "" }

    /// A text that many rows share, without making it anew for each.
    func sharedText(_ index: Int32, _ pool: inout TextPool) -> String? { withBytes(index) { pool.text(of: $0) } }

    /// An identity.
    ///
    /// - Throws: `corrupt` where it isn't 32 bytes.
    func id(_ index: Int32) throws -> IDHash {
        guard let id = withBytes(index, { IDHash(bytes: $0) }) ?? nil else { throw SessionsError.badIdentity }
        return id
    }

    /// A state by its word.
    ///
    /// - Throws: `corrupt` for a word that isn't one.
    func state(_ index: Int32) throws -> SessionState {
        guard let state = SessionState(letter: withBytes(index) { $0.first } ?? nil) else {
            throw SessionsError.badState
        }
        return state
    }
}

/// Texts that repeat from row to row: addresses of nodes, user agents.
///
/// Of two that fall on one slot the later stays.
struct TextPool {
    private var slots: [String?] = Array(repeating: nil, count: 512)

    /// The text of some bytes, the one made before where it is still there.
    mutating func text(of bytes: UnsafeRawBufferPointer) -> String {
        let slot = Self.slot(of: bytes)
        if var known = slots[slot], known.withUTF8({ $0.elementsEqualBytes(bytes) }) { return known }
        let text = String(decoding: bytes, as: UTF8.self)
        slots[slot] = text
        return text
    }

    /// Mixes the length and the last bytes, where names and agents differ most.
    private static func slot(of bytes: UnsafeRawBufferPointer) -> Int {
        var hash = UInt64(bytes.count)
        for byte in bytes.suffix(24) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return Int((hash >> 20) & 511)
    }
}

extension UnsafeBufferPointer<UInt8> {
    fileprivate func elementsEqualBytes(_ other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        guard let start = baseAddress, let otherStart = other.baseAddress else { return true }
        return memcmp(start, otherStart, count) == 0
    }
}
