/// How much of an answer is taken in.
struct RuntimeLimits: Sendable {
    /// Bytes of a line, and of a record that spans several.
    ///
    /// A key is at most as long as HAProxy's buffer, of which each byte is written as up to four.
    var line = 256 << 10
    /// Bytes of all of an answer.
    var answer = 4 << 30
    /// Entries of a stick table, servers, rows of statistics.
    var records = 4_000_000
    /// Bytes of all keys of one table.
    var keys = 1 << 30
    /// Fields of a record.
    var fields = 1_000
}
