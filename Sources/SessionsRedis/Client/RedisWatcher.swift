internal import Sessions

/// Watches one server, on a connection of its own, and connects again when that is lost.
struct RedisWatcher: Sendable {
    /// A connection on which nothing happens is tried so often: a server that is gone says no goodbye.
    private static let pingInterval = Duration.seconds(5)

    private let address: RedisAddress
    private let time: TimeSource
    private let connect: Connect
    private let backoff = Backoff()
    /// A server that turns us away is asked ever more seldom, until somebody grants what is missing.
    private let refusedBackoff = Backoff(first: .seconds(1), limit: .seconds(30))

    /// Makes a connection that tells of its push messages.
    typealias Connect = @Sendable (@escaping @Sendable ([RESPValue]) -> Void) async throws -> RedisConnection

    /// Makes a watcher.
    ///
    /// - Parameters:
    ///   - address: the server, for errors.
    ///   - time: the clock of the waits.
    ///   - connect: makes a connection, as often as it is needed.
    init(_ address: RedisAddress, time: TimeSource, connect: @escaping Connect) {
        self.address = address
        self.time = time
        self.connect = connect
    }

    /// Watches until the task is cancelled.
    ///
    /// Whatever goes wrong may pass, also a password that is being changed or a right that is missing yet.
    ///
    /// - Throws: `CancellationError`; `SessionsError` with `unsupported` for a server that speaks RESP2 alone.
    func run(_ subject: RedisWatch, _ tell: @escaping @Sendable (RedisNews) -> Void) async throws {
        var failures = 0
        while true {
            var isRefused = false
            do {
                try await watchOnce(subject, tell) { failures = 0 }
            } catch let error as SessionsError where error.code == .unsupported {
                throw error
            } catch {
                failures += 1
                if let code = (error as? SessionsError)?.code { isRefused = code == .refused || code == .usage }
            }
            try Task.checkCancellation()
            var generator = SystemRandomNumberGenerator()
            let delay = (isRefused ? refusedBackoff : backoff).delay(afterFailures: failures, using: &generator)
            try await time.sleep(time.monotonic() + delay)
        }
    }

    private func watchOnce(
        _ subject: RedisWatch, _ tell: @escaping @Sendable (RedisNews) -> Void, began: () -> Void
    ) async throws {
        let connection = try await connect { elements in if let news = RedisNews(push: elements) { tell(news) } }
        defer { connection.close(.shutDown(address)) }
        // SUBSCRIBE is answered by push messages alone, or by an error: the PING behind it gets that, or its own reply.
        if !subject.channels.isEmpty { connection.tell([Array("SUBSCRIBE".utf8)] + subject.channels) }
        for words in [RedisCommand.words(["PING"]), subject.tracking].compactMap({ $0 }) {
            if case .error(let error) = try await sent(words, on: connection) { throw Self.failure(error, address) }
        }
        began()
        tell(.began)
        defer { tell(.lost) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try await connection.untilEnd() }
            group.addTask { try await self.keepAlive(connection) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func keepAlive(_ connection: RedisConnection) async throws {
        while true {
            try await time.sleep(time.monotonic() + Self.pingInterval)
            _ = try await sent(RedisCommand.words(["PING"]), on: connection)
        }
    }

    private func sent(_ words: [[UInt8]], on connection: RedisConnection) async throws -> RESPValue {
        do { return try await connection.send(words) } catch let error as NotSent { throw error.reason }
    }

    /// Why a server doesn't let itself be watched now.
    static func failure(_ error: RedisError, _ address: RedisAddress) -> SessionsError {
        switch error.kind {
        case "LOADING": SessionsError(.unavailable, "Redis at \(address) is loading its data: try again shortly")
        case "NOPERM":
            SessionsError(
                .refused,
                "this user may not watch Redis at \(address): grant +client|tracking and +subscribe with its channels",
                cause: error)
        default:
            SessionsError(.unavailable, "Redis at \(address) can't tell of changes now: see the cause", cause: error)
        }
    }
}

extension RedisWatch {
    /// What turns the news of keys on.
    fileprivate var tracking: [[UInt8]]? {
        guard !prefixes.isEmpty else { return nil }
        return prefixes.reduce(RedisCommand.words(["CLIENT", "TRACKING", "ON", "BCAST"])) {
            $0 + [Array("PREFIX".utf8), $1]
        }
    }
}

extension RedisNews {
    /// What a push message says; `nil`: nothing of interest.
    init?(push elements: [RESPValue]) {
        switch elements.first?.text {
        case "invalidate" where elements.count == 2:
            if elements[1] == .null {
                self = .flushed
            } else if let keys = elements[1].elements {
                self = .changed(keys.compactMap(\.bytes))
            } else {
                return nil
            }
        case "message" where elements.count == 3:
            guard let channel = elements[1].bytes, let text = elements[2].bytes else { return nil }
            self = .message(channel: channel, text: text)
        default: return nil
        }
    }
}
