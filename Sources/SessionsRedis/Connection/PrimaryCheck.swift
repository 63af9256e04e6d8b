internal import Sessions
internal import Synchronization

/// Keeps a client of one server with the primary.
///
/// A name or an address may come to lead elsewhere, and a server may be made a replica. A replica answers reads, from
/// the past, for as long as it likes: only what it is asked to write would tell.
final class PrimaryCheck: Sendable {
    /// Which servers will do.
    enum Demand: Sendable {
        /// Any: for whoever only looks.
        case never
        /// None but primaries, once a connection has led to one: for whoever may look at a replica, and knows that.
        case onceFound
        /// None but primaries.
        case always
    }

    private let demand: Demand
    private let hasFound = Atomic(false)

    init(_ demand: Demand) { self.demand = demand }

    /// Whether a replica won't do now.
    var isDemanded: Bool {
        switch demand {
        case .never: false
        case .onceFound: hasFound.load(ordering: .relaxed)
        case .always: true
        }
    }

    /// Takes a new connection, or closes it.
    ///
    /// Where the user may not ask for the role, it is taken: the first write tells.
    ///
    /// - Throws: `SessionsError` with `unavailable` for a replica where that won't do.
    func admit(_ connection: RedisConnection) async throws {
        guard demand != .never else { return }
        do {
            switch try await Self.isPrimary(connection) {
            case true?: hasFound.store(true, ordering: .relaxed)
            case false? where isDemanded: throw SessionsError.isReplica(connection.address)
            default: break
            }
            connection.beginService()
        } catch {
            connection.close((error as? SessionsError) ?? .lost(connection.address))
            throw error
        }
    }

    /// Whether a server is a primary, by INFO, which the users of ``RedisAccess`` may ask, or by ROLE; `nil`: it doesn't
    /// say.
    static func isPrimary(_ connection: RedisConnection) async throws -> Bool? {
        let info = try await connection.send(RedisCommand.words(["INFO", "replication"]))
        if case .error(let error) = info {
            try check(error, connection.address)
            let role = try await connection.send(RedisCommand.words(["ROLE"]))
            if case .error(let error) = role { try check(error, connection.address) }
            return isPrimary(role.elements?.first?.text)
        }
        return isPrimary(ServerInfo(text: info.text ?? "").facts["role"])
    }

    private static func isPrimary(_ role: String?) -> Bool? {
        switch role {
        case "master", "primary": true
        case "slave", "replica": false
        default: nil
        }
    }

    /// - Throws: `SessionsError` where the server would say it at another time.
    private static func check(_ error: RedisError, _ address: RedisAddress) throws {
        guard error.kind != "NOPERM", !error.meansUnknownCommand else { return }
        throw SessionsError(
            .unavailable, "Redis at \(address) doesn't say now whether it is the primary: try again", cause: error)
    }
}

extension RedisLane {
    /// Sends commands that a primary alone takes.
    ///
    /// A connection on which one is refused by a replica is given up. Nothing was done by what was refused, so that it
    /// is sent once more, on the next one.
    ///
    /// - Parameters:
    ///   - commands: the commands.
    ///   - reason: what whoever else waits on a connection that is given up is told.
    /// - Returns: the replies, in order.
    /// - Throws: ``NotSent``, `SessionsError` and `CancellationError` as ``use(_:)`` and the connection do.
    func sendToPrimary(
        _ commands: [RedisCommand], leavingReplica reason: (RedisAddress) -> SessionsError
    ) async throws -> [Result<RESPValue, RedisError>] {
        var results = try await sendOnce(commands, reason)
        let refused = results.indices.filter { results[$0].isReadOnly }
        if !refused.isEmpty {
            let second = try await sendOnce(refused.map { commands[$0] }, reason)
            for (index, result) in zip(refused, second) { results[index] = result }
        }
        return results
    }

    private func sendOnce(
        _ commands: [RedisCommand], _ reason: (RedisAddress) -> SessionsError
    ) async throws -> [Result<RESPValue, RedisError>] {
        try await use { connection in
            let results = try await connection.send(commands.map(\.words)).map(\.result)
            if results.contains(where: \.isReadOnly) { connection.close(reason(connection.address)) }
            return results
        }
    }
}

extension RedisError {
    /// Whether a replica refused to write.
    ///
    /// Redis 6 says it in words alone where a script was run.
    var meansReplica: Bool { kind == "READONLY" || kind == "ERR" && message.contains("-READONLY ") }
}

extension Result<RESPValue, RedisError> {
    /// Whether a replica refused to write.
    var isReadOnly: Bool { if case .failure(let error) = self { error.meansReplica } else { false } }
}
