internal import CLibPQ
internal import Sessions

/// What a statement answered: its rows, in memory of libpq's that goes with this.
final class Rows {
    private let result: OpaquePointer

    /// Takes a result over.
    init(owning result: OpaquePointer) { self.result = result }

    deinit { PQclear(result) }

    var count: Int { Int(PQntuples(result)) }

    /// The first row, read by a closure; `nil` where there is none.
    func first<Result>(_ read: (Columns) throws -> Result) rethrows -> Result? {
        count == 0 ? nil : try read(Columns(result: result, row: 0))
    }

    /// A row by its place, which must be one.
    subscript(place: Int) -> Columns { Columns(result: result, row: Int32(clamping: place)) }

    /// The last row, read by a closure; `nil` where there is none.
    func last<Result>(_ read: (Columns) throws -> Result) rethrows -> Result? {
        count == 0 ? nil : try read(Columns(result: result, row: Int32(clamping: count - 1)))
    }

    /// Every row, read by a closure.
    func map<Result>(_ read: (Columns) throws -> Result) rethrows -> [Result] {
        try (0..<Int32(clamping: count)).map { try read(Columns(result: result, row: $0)) }
    }
}

/// The columns of one row, by position; valid while its ``Rows`` are.
struct Columns: RowColumns {
    fileprivate let result: OpaquePointer
    fileprivate let row: Int32

    func withBytes<Result>(_ index: Int32, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result? {
        guard PQgetisnull(result, row, index) == 0 else { return nil }
        let length = Int(PQgetlength(result, row, index))
        return try body(UnsafeRawBufferPointer(start: PQgetvalue(result, row, index), count: length))
    }
}

/// The values of a row by position, in PostgreSQL's binary form, however they came.
protocol RowColumns {
    /// Lends the bytes of a value; `nil` for NULL.
    func withBytes<Result>(_ index: Int32, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result?
}

extension RowColumns {
    func isNull(_ index: Int32) -> Bool { withBytes(index) { _ in } == nil }

    /// A `bigint`; 0 for NULL.
    func integer(_ index: Int32) -> Int64 {
        withBytes(index) { $0.count == 8 ? Int64(bigEndian: $0.loadUnaligned(as: Int64.self)) : 0 } ?? 0
    }

    func bool(_ index: Int32) -> Bool { withBytes(index) { $0.first == 1 } ?? false }
    func moment(_ index: Int32) -> Timestamp { Timestamp(milliseconds: integer(index)) }
    func optionalMoment(_ index: Int32) -> Timestamp? { isNull(index) ? nil : moment(index) }
    func position(_ index: Int32) -> FeedPosition { FeedPosition(integer(index)) }
    func bytes(_ index: Int32) -> [UInt8] { withBytes(index) { Array($0) } ?? [] }
    func optionalText(_ index: Int32) -> String? { withBytes(index) { StoredText.decode($0) } }
    func text(_ index: Int32) -> String { optionalText(index) ?? "" }

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

    /// A cut-off's scope by its kind and key.
    ///
    /// - Throws: `corrupt` for a kind that isn't known.
    func scope(_ kind: Int32, _ key: Int32) throws -> CutoffScope {
        guard let scope = CutoffScope(kind: text(kind), key: text(key)) else {
            throw SessionsError(.corrupt, "the store holds a cut-off of an unknown kind: use a newer sessiontop")
        }
        return scope
    }
}
