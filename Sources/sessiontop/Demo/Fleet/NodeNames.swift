import Sessions

/// The names of a demo's nodes: `web-01` and on, the lowest that nobody on the store goes by.
enum NodeNames {
    /// The name of a node that has been silent for so long may be taken: a process that is stopped for a while keeps its.
    static let patience = Duration.seconds(60)

    /// Chooses free names.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - reports: of all nodes that the store knows.
    ///   - now: the time.
    /// - Returns: the names, in order.
    static func free(_ count: Int, beside reports: [NodeReport], at now: Timestamp) -> [String] {
        let taken = Set(reports.filter { $0.status != .stopped && now - $0.heartbeat < patience }.map(\.id))
        return Array((1...).lazy.map(name(number:)).filter { !taken.contains($0) }.prefix(count))
    }

    private static func name(number: Int) -> String { "web-\(number < 10 ? "0" : "")\(number)" }
}
