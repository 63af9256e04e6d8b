internal import GRDB
internal import GRDBSQLite
internal import Sessions

/// A function of SQL by which a touch computes the idle deadline in Swift and learns which row it writes, in one statement:
/// `touched(findings, number, idle_deadline, absolute_deadline)`.
///
/// It takes what it works with by SQLite's pointer-passing interface (sqlite.org/bindptr.html), so that it keeps no state
/// of its own and no SQL text can call it to any effect.
enum TouchFunction {
    static let name = "touched"
    private static let pointerType: StaticString = "sessiontop.touch"

    /// A touch, and the row that it wrote.
    struct Findings {
        fileprivate struct Content {
            var at: Timestamp?
            var idle: Duration?
            var row: (number: Int64, deadlines: Deadlines)?
        }

        fileprivate let content: UnsafeMutablePointer<Content>

        /// The row that the touch wrote, and its deadlines now; `nil`: none.
        var row: (number: Int64, deadlines: Deadlines)? { content.pointee.row }

        /// Forgets the last touch, and takes the next.
        func begin(_ touch: Touch) {
            content.pointee = Content(at: touch.at, idle: touch.idle)
        }

        /// Answers SQLite's result code.
        func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
            sqlite3_bind_pointer(statement, index, content, TouchFunction.pointerName, nil)
        }
    }

    /// Lends findings for as long as the body runs; no statement may be stepped with them afterwards.
    static func withFindings<Result>(_ body: (Findings) throws -> Result) rethrows -> Result {
        var content = Findings.Content()
        return try withUnsafeMutablePointer(to: &content) { try body(Findings(content: $0)) }
    }

    /// Makes the function known to a connection.
    ///
    /// - Throws: ``SQLiteFailure``.
    static func register(on db: Database) throws {
        let code = sqlite3_create_function_v2(
            db.sqliteConnection, name, 4, SQLITE_UTF8 | SQLITE_DIRECTONLY, nil, { TouchFunction.run($0, $1, $2) },
            nil, nil, nil)
        if code != SQLITE_OK { throw SQLiteFailure(code: code) }
    }

    /// The pointer's type, as SQLite compares it: a text that lives as long as the process.
    private static var pointerName: UnsafePointer<CChar> {
        UnsafeRawPointer(pointerType.utf8Start).assumingMemoryBound(to: CChar.self)
    }

    private static func run(
        _ context: OpaquePointer?, _ count: Int32, _ values: UnsafeMutablePointer<OpaquePointer?>?
    ) {
        guard count == 4, let values,
            let content = sqlite3_value_pointer(values[0], pointerName)?.assumingMemoryBound(to: Findings.Content.self),
            let at = content.pointee.at
        else { return sqlite3_result_error(context, "touched() is the session store's own", -1) }
        var deadlines = Deadlines(idle: moment(values[2]), absolute: moment(values[3]))
        deadlines.touch(at: at, idle: content.pointee.idle)
        content.pointee.row = (sqlite3_value_int64(values[1]), deadlines)
        guard let idle = deadlines.idle else { return sqlite3_result_null(context) }
        sqlite3_result_int64(context, idle.milliseconds)
    }

    private static func moment(_ value: OpaquePointer?) -> Timestamp? {
        sqlite3_value_type(value) == SQLITE_NULL ? nil : Timestamp(milliseconds: sqlite3_value_int64(value))
    }
}
