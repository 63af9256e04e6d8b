public import Sessions

/// What is on the record: in the operator's own log, for no framework's store has a place for one.
extension LayoutDirectory {
    /// The log's entries after a number, in order.
    ///
    /// - Throws: ``SessionsError`` with `unsupported` where there is no log, and as the log does.
    public func audit(after number: Int64, limit: Int) async throws -> [AuditEntry] {
        try someLog.entries(after: number, limit: limit)
    }

    /// Some of the outcomes beside an entry, in order.
    ///
    /// - Throws: ``SessionsError`` as the log does.
    public func auditOutcomes(
        of number: Int64, after place: Int64?, limit: Int
    ) async throws -> AuditOutcomePage? {
        try log?.outcomes(of: number, after: place, limit: limit)
    }

    /// Adds an entry to the log.
    ///
    /// - Throws: ``SessionsError`` with `unsupported` where there is no log, and as the log does.
    public func record(
        _ action: AuditAction, target: String, count: Int, result: String, outcomes: [AuditOutcome], order: Order
    ) async throws {
        try someLog.append(action, target: target, outcomes: outcomes, result: result, count: count, order: order)
    }

    /// What the log could not take.
    public func takeUnrecorded() async -> [String] { log?.takeUnrecorded() ?? [] }

    private var someLog: OperatorLog {
        get throws {
            guard let log else {
                let reason = capabilities.audit.reason ?? "nobody keeps a log of it"
                throw SessionsError(.unsupported, "\(description.url) has no audit log: \(reason)")
            }
            return log
        }
    }
}
