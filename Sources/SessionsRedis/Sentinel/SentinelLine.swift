internal import Sessions
internal import Synchronization

/// Asks the sentinels for the primary, and hears from one of them when it changes.
final class SentinelLine: Sendable {
    private let name: String
    private let lane: RedisLane

    /// Makes a line that isn't connected yet.
    ///
    /// - Parameters:
    ///   - sentinels: at least one.
    ///   - name: the primary's name there.
    ///   - connector: connects to a sentinel.
    ///   - time: the clock of the waits.
    ///   - onSwitch: is called on the thread that reads when another server becomes the primary.
    init(
        _ sentinels: [RedisAddress], name: String, _ connector: RedisConnector, time: TimeSource,
        onSwitch: @escaping @Sendable () -> Void
    ) {
        self.name = name
        let turn = Mutex(0)
        lane = RedisLane(to: sentinels[0], time: time) {
            // Each time another one comes first: the last may be the one that doesn't answer, or knows the past alone.
            let start = turn.withLock { turn in
                defer { turn = (turn + 1) % sentinels.count }
                return turn
            }
            return try await Self.connect(Array(sentinels[start...] + sentinels[..<start]), name, connector, onSwitch)
        }
    }

    /// Whether a sentinel would tell of a switch now.
    var isListening: Bool { lane.current != nil }

    /// The primary, as a sentinel has it.
    ///
    /// - Throws: `SessionsError` where none answers, or none knows the name; `CancellationError`.
    func primary() async throws -> RedisAddress {
        do {
            return try await lane.use { try await Self.primary(self.name, on: $0) }
        } catch let error as NotSent {
            throw error.reason
        }
    }

    /// Asks another sentinel the next time.
    func distrust() { lane.current?.close(.lost(lane.address)) }

    func shutDown() { lane.shutDown() }

    /// The first of the sentinels that answers and knows the name, subscribed to its news.
    private static func connect(
        _ sentinels: [RedisAddress], _ name: String, _ connector: RedisConnector,
        _ onSwitch: @escaping @Sendable () -> Void
    ) async throws -> RedisConnection {
        var failure: (any Error)?
        for sentinel in sentinels {
            do {
                let connection = try await connector.connect(to: sentinel, as: .sentinel) { push in
                    if isSwitch(push, of: name) { onSwitch() }
                }
                do {
                    connection.tell(RedisCommand.words(["SUBSCRIBE", "+switch-master"]))
                    // Behind SUBSCRIBE, so that no switch falls between the two.
                    _ = try await primary(name, on: connection)
                    return connection
                } catch {
                    connection.close(.shutDown(sentinel))
                    throw error
                }
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                failure = error
            }
        }
        throw failure ?? SessionsError.noSuchPrimary(name)
    }

    private static func primary(_ name: String, on connection: RedisConnection) async throws -> RedisAddress {
        let reply = try await connection.send(RedisCommand.words(["SENTINEL", "GET-MASTER-ADDR-BY-NAME", name]))
        switch reply {
        case .null: throw SessionsError.noSuchPrimary(name)
        case .error(let error):
            throw SessionsError(
                .unavailable, "the sentinel at \(connection.address) doesn't say who the primary is", cause: error)
        default:
            guard let parts = reply.elements, parts.count == 2, let host = parts[0].text, !host.isEmpty,
                let port = parts[1].integer, (1...65535).contains(port)
            else { throw SessionsError.notRedis(connection.address) }
            return .host(host, port: Int(port))
        }
    }

    /// `["message", "+switch-master", "NAME OLD-HOST OLD-PORT NEW-HOST NEW-PORT"]`.
    private static func isSwitch(_ push: [RESPValue], of name: String) -> Bool {
        guard case .message(let channel, let text) = RedisNews(push: push) else { return false }
        return channel == Array("+switch-master".utf8) && text.starts(with: Array("\(name) ".utf8))
    }
}

extension SessionsError {
    fileprivate static func noSuchPrimary(_ name: String) -> SessionsError {
        SessionsError(
            .storeNotFound, "the sentinels know no primary named \(name): see SENTINEL MASTERS, and mend the URL")
    }
}
