/// What HAProxy counts of a server, as `show stat` tells it.
struct ServerFigures: Sendable, Equatable {
    /// Its backend.
    var backend: String
    /// Its name.
    var name: String
    /// What HAProxy says of it, in a word or two: `UP`, `no check`, `DOWN 1/2`, `MAINT`.
    var status: String
    /// Requests under way, and the most there ever were.
    var current: Int, most: Int
    /// Requests that wait for it.
    var queued: Int
    /// Requests, since HAProxy began.
    var total: Int
    /// Requests in the last second.
    var rate: Int
    /// Answers with a status of 500 or more, failed connections, and answers that broke off.
    var errors: Int
    /// Failed health checks.
    var failedChecks: Int
    /// What the last health check said.
    var lastCheck: String?
    /// The mean time of the last 1,024 answers, in milliseconds; `nil`: none.
    var answerTime: Int?

    /// Reads a row; `nil` for one that is no server's.
    init?(_ row: ColumnedRow) {
        guard let backend = row["pxname"], let name = row["svname"], row.number("type") == 2 else { return nil }
        (self.backend, self.name) = (backend, name)
        status = row["status"] ?? ""
        func count(_ column: String) -> Int { max(0, row.number(column) ?? 0) }
        (current, most, queued) = (count("scur"), count("smax"), count("qcur"))
        (total, rate) = (count("stot"), count("rate"))
        errors = [count("hrsp_5xx"), count("econ"), count("eresp")].reduce(0) { $0 &+ $1 }
        failedChecks = count("chkfail")
        lastCheck = row["last_chk"] ?? row["check_status"]
        answerTime = total > 0 ? row.number("ttime") : nil
    }

    /// A reader of all of them.
    static func reader(_ limits: RuntimeLimits = RuntimeLimits()) -> ColumnedReader<ServerFigures> {
        ColumnedReader(.commas, limits: limits) { ServerFigures($0) }
    }
}
