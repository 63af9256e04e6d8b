internal import Dispatch
internal import Sessions
internal import Synchronization

/// A connection with a thread of its own: it may wait there without holding up anybody's task.
final class Connection: Sendable {
    private let queue = DispatchQueue(label: "sessions.postgres")
    private let link = Mutex<Link?>(nil)
    private let condemned = Mutex(false)

    /// Whether it may be used again.
    var isUsable: Bool { !condemned.withLock { $0 } }

    private init() {}

    /// Connects to the first server that takes the connection.
    ///
    /// - Parameters:
    ///   - servers: in the order to try.
    ///   - patience: for each of them.
    ///   - setUp: is run on the new connection.
    /// - Returns: the connection, ready for work.
    /// - Throws: ``PostgresFailure`` of the last server, and what `setUp` throws.
    static func open(
        _ servers: [[Parameter]], patience: Duration, setUp: @escaping @Sendable (Link) throws -> Void
    ) async throws -> Connection {
        let connection = Connection()
        try await connection.onQueue { place in
            var failure: any Error = PostgresFailure(.notConnected("the URL names no server"))
            for server in servers {
                do {
                    let link = try Link.connect(server, until: .now + patience)
                    link.deadline = .now + patience
                    try setUp(link)
                    place = link
                    return
                } catch { failure = error }
            }
            throw failure
        }
        return connection
    }

    /// Does some work on the connection's thread, and leaves no transaction open.
    ///
    /// - Parameters:
    ///   - limit: how long it may take.
    ///   - work: gets the connection.
    /// - Returns: what `work` returns.
    /// - Throws: what `work` throws; ``PostgresFailure`` with `timedOut` where it takes too long: then the server is
    ///   asked to end it, and the connection isn't used again.
    func run<Result: Sendable>(
        for limit: Duration, _ work: @escaping @Sendable (Link) throws -> Result
    ) async throws -> Result {
        defer { if !isUsable { queue.async { self.dispose() } } }
        return try await onQueue { link in
            guard let link, link.looksAlive() else {
                self.condemn()
                throw PostgresFailure(.lost, state: Self.staleState)
            }
            link.deadline = .now + limit
            defer {
                link.settle()
                if link.isBroken { self.condemn() }
            }
            do { return try work(link) } catch let failure as PostgresFailure where failure.condemnsConnection {
                self.condemn()
                throw failure
            }
        }
    }

    /// Closes it in good order.
    func close() async {
        condemn()
        _ = try? await onQueue { $0 = nil }
    }

    /// Stands in a failure for a connection that was lost before anything was sent: trying another is safe.
    static let staleState = "idle"

    private func condemn() { condemned.withLock { $0 = true } }

    /// Closes it; asks the server to stop where it may still be at work.
    ///
    /// Both wait for the network, and nobody waits for them.
    private func dispose() {
        link.withLock { link in
            if link?.isBroken == true { link?.cancel() }
            link = nil
        }
    }

    private func onQueue<Result: Sendable>(
        _ work: @escaping @Sendable (inout Link?) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                let result = Swift.Result { try self.link.withLock { try work(&$0) } }
                continuation.resume(with: result)
            }
        }
    }
}
