import Sessions

/// What a demo is to be like.
struct DemoOptions: Sendable, Equatable {
    /// How many nodes.
    var nodes = 4
    /// How many users.
    var users = 500
    /// Requests a second.
    var rate = 200
    /// Sessions that are there before the first request.
    var preload = 0
    /// Decides who there is and what they do; not the ids, nor when answers come.
    var seed: UInt64 = 1
    /// What fails again and again; `nil`: only a node now and then.
    var rehearsal: Rehearsal?

    /// What the numbers may be.
    static let limits = (nodes: 1...64, users: 1...100_000, rate: 1...50_000, preload: 0...5_000_000)

    /// Eight minutes without a request, four hours in all: so long a user's session lives; short, so that one can watch
    /// them idle out.
    static let userLifetime = (try? Lifetime(idle: .seconds(480), absolute: .seconds(14_400))) ?? .highValue
    /// The same without a request, but no more than an hour in all: so long a visitor's.
    static let visitorLifetime = (try? Lifetime(idle: .seconds(480), absolute: .seconds(3600))) ?? .highValue

    /// How its nodes treat sessions.
    var policy: NodePolicy {
        var policy = NodePolicy(lifetime: Self.userLifetime)
        policy.anonymousLifetime = Self.visitorLifetime
        return policy
    }

    /// Refuses numbers that no demo can have.
    ///
    /// - Throws: ``SessionsError`` with `usage`.
    func validate() throws {
        func check(_ value: Int, _ range: ClosedRange<Int>, _ name: String) throws {
            guard !range.contains(value) else { return }
            let bounds = "from \(range.lowerBound) to \(range.upperBound)"
            throw SessionsError(.usage, "--\(name) \(value) is out of range: give a number \(bounds)")
        }
        try check(nodes, Self.limits.nodes, "nodes")
        try check(users, Self.limits.users, "users")
        try check(rate, Self.limits.rate, "rate")
        try check(preload, Self.limits.preload, "preload")
    }
}
