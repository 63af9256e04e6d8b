internal import Sessions

/// Redis Cluster: each command goes to the primary of its key's slot, or to a replica where it may.
///
/// A pipeline is split by servers and sent to all of them at once. What a server didn't do (MOVED, ASK, TRYAGAIN,
/// CLUSTERDOWN), and what couldn't be sent, is tried again a bounded number of times; what was sent and not answered is
/// not.
final class ClusterExecutor: RedisExecutor {
    private typealias Target = ClusterMap.Target

    /// A command that has no result yet.
    private struct Job {
        let index: Int
        var target: Target
    }

    /// What came of the jobs for one server.
    private enum Outcome: Sendable {
        case replies([RESPValue])
        /// Nothing was done.
        case notSent(SessionsError)
    }

    /// How often a command is sent at most.
    private static let attempts = 8
    /// The waits in between: about 1.5 s in all, for a failover that is nearly done.
    private static let backoff = Backoff(first: .milliseconds(25), limit: .milliseconds(500))
    /// A watch looks so often whether the primaries are still the same.
    private static let watchInterval = Duration.seconds(5)

    private static let disagreement = SessionsError(
        .unavailable, "the cluster's servers don't agree on who has a slot: see CLUSTER SLOTS on each, then try again")

    private let cluster: ClusterMap
    private let connector: RedisConnector
    private let time: TimeSource

    /// Makes a client that isn't connected yet.
    ///
    /// - Parameters:
    ///   - seeds: at least one of the servers.
    ///   - connector: connects to servers.
    ///   - time: the clock of the waits.
    init(_ seeds: [RedisAddress], _ connector: RedisConnector, time: TimeSource) {
        cluster = ClusterMap(seeds, connector, time: time)
        self.connector = connector
        self.time = time
    }

    let name = "the cluster"

    func send(_ command: RedisCommand) async throws -> RESPValue {
        let results = try await send([command])
        return try results[0].get()
    }

    func send(_ commands: [RedisCommand]) async throws -> [Result<RESPValue, RedisError>] {
        var results = [Result<RESPValue, RedisError>](repeating: .success(.null), count: commands.count)
        var jobs: [Job] = []
        for (index, command) in commands.enumerated() {
            jobs.append(Job(index: index, target: try await target(for: command)))
        }
        for attempt in 1...Self.attempts {
            var trouble: SessionsError?
            jobs = try await round(jobs, of: commands, into: &results, &trouble)
            guard !jobs.isEmpty else { return results }
            // The first redirections are followed at once; more of them mean that the servers don't agree yet.
            if trouble == nil && attempt < 3 { continue }
            guard attempt < Self.attempts else { throw trouble ?? Self.disagreement }
            try await pause(after: attempt)
            try await aimAgain(&jobs, commands)
        }
        throw Self.disagreement
    }

    func servers() async throws -> [any RedisExecutor] {
        try await cluster.refreshed().shards.map { shard in
            let lane = cluster.lane(to: Target(address: shard.primary))
            return SingleExecutor(shard.primary, connector, time: time, sharing: lane)
        }
    }

    func part(of key: [UInt8]) -> Int { cluster.part(of: key) }

    /// Watches each primary; a change of them begins everything again.
    func watch(_ subject: RedisWatch, _ tell: @escaping @Sendable (RedisNews) -> Void) async throws {
        while true {
            let primaries = try await primariesToWatch()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, primary) in primaries.enumerated() {
                    // A message is passed on to all servers of a cluster, so that it is heard from one of them.
                    let part = RedisWatch(prefixes: subject.prefixes, channels: index == 0 ? subject.channels : [])
                    let server = SingleExecutor(primary, connector, time: time)
                    if part != RedisWatch() { group.addTask { try await server.watch(part, tell) } }
                }
                group.addTask { try await self.untilChange(of: Set(primaries)) }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
    }

    func shutDown() async { cluster.shutDown() }

    // MARK: Rounds

    /// Sends the jobs, each to its target.
    ///
    /// - Returns: those that must be sent again.
    private func round(
        _ jobs: [Job], of commands: [RedisCommand], into results: inout [Result<RESPValue, RedisError>],
        _ trouble: inout SessionsError?
    ) async throws -> [Job] {
        let parts = Dictionary(grouping: jobs, by: \.target).map(\.value)
        let outcomes = try await send(parts, of: commands)
        var again: [Job] = []
        for (part, outcome) in zip(parts, outcomes) {
            switch outcome {
            case .notSent(let reason):
                trouble = reason
                again += part
            case .replies(let replies):
                for (job, reply) in zip(part, replies) {
                    if let next = follow(reply, job, &trouble) {
                        again.append(next)
                    } else {
                        results[job.index] = reply.result
                    }
                }
            }
        }
        // In the order of the commands: two of them may be about one key.
        return again.sorted { $0.index < $1.index }
    }

    private func send(_ parts: [[Job]], of commands: [RedisCommand]) async throws -> [Outcome] {
        if parts.count == 1 { return [try await send(parts[0], of: commands)] }
        return try await withThrowingTaskGroup(of: (Int, Outcome).self) { group in
            for (index, part) in parts.enumerated() {
                group.addTask { (index, try await self.send(part, of: commands)) }
            }
            var outcomes = [Outcome](repeating: .replies([]), count: parts.count)
            for try await (index, outcome) in group { outcomes[index] = outcome }
            return outcomes
        }
    }

    private func send(_ part: [Job], of commands: [RedisCommand]) async throws -> Outcome {
        let target = part[0].target
        let asking = RedisCommand.words(["ASKING"])
        let words = part.flatMap { target.isAsking ? [asking, commands[$0.index].words] : [commands[$0.index].words] }
        do {
            let replies = try await cluster.lane(to: target).use { try await $0.send(words) }
            guard target.isAsking else { return .replies(replies) }
            return .replies(stride(from: 1, to: replies.count, by: 2).map { replies[$0] })
        } catch let error as NotSent {
            return .notSent(error.reason)
        }
    }

    /// Where a reply sends its command next; `nil`: it is the result.
    private func follow(_ reply: RESPValue, _ job: Job, _ trouble: inout SessionsError?) -> Job? {
        guard case .error(let error) = reply, let redirection = Redirection(error, from: job.target.address) else {
            return nil
        }
        var next = job
        switch redirection {
        case .moved(let slot, let address):
            cluster.move(slot, to: address)
            next.target = Target(address: address)
        case .ask(let address): next.target = Target(address: address, isAsking: true)
        case .tryAgain, .down:
            trouble = SessionsError(
                .unavailable, "the cluster can't answer now: see CLUSTER INFO, then try again", cause: error)
        }
        return next
    }

    // MARK: Targets

    private func target(for command: RedisCommand) async throws -> Target {
        if let target = try await cluster.target(for: command) { return target }
        _ = try await cluster.refreshed()
        guard let target = try await cluster.target(for: command) else {
            throw SessionsError(.unavailable, "a part of the cluster's slots has no server: see CLUSTER SLOTS")
        }
        return target
    }

    /// Looks where the commands belong now.
    private func aimAgain(_ jobs: inout [Job], _ commands: [RedisCommand]) async throws {
        _ = try? await cluster.refreshed()
        for index in jobs.indices {
            var command = commands[jobs[index].index]
            // Whatever was wrong, the primary knows best.
            command.mayAskReplica = false
            if let target = try await cluster.target(for: command) { jobs[index].target = target }
        }
    }

    private func pause(after attempt: Int) async throws {
        var generator = SystemRandomNumberGenerator()
        let delay = Self.backoff.delay(afterFailures: attempt, using: &generator)
        try await time.sleep(time.monotonic() + delay)
    }

    /// The primaries; waits while nobody tells them.
    private func primariesToWatch() async throws -> [RedisAddress] {
        var failures = 0
        while true {
            do {
                return try await cluster.refreshed().shards.map(\.primary)
            } catch is SessionsError {
                failures += 1
                try await pause(after: failures)
            }
        }
    }

    /// Returns when there are other primaries than these.
    private func untilChange(of primaries: Set<RedisAddress>) async throws {
        while true {
            try await time.sleep(time.monotonic() + Self.watchInterval)
            let map = try? await cluster.refreshed()
            if let map, Set(map.shards.map(\.primary)) != primaries { return }
            try Task.checkCancellation()
        }
    }
}
