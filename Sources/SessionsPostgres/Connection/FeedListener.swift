internal import Sessions
internal import Synchronization

/// Listens on a connection of its own, which it makes again whenever it is lost.
final class FeedListener: Sendable {
    private let pool: ConnectionPool
    private let channel: String
    private let time: TimeSource
    private let pipe = WakePipe()
    private let isStopped = Mutex(false)
    /// Whether the last connection came as far as to listen.
    private let hasListened = Mutex(false)

    /// A silent connection is tried so often.
    private static let silence = Duration.seconds(60)

    init(pool: ConnectionPool, channel: String, time: TimeSource) {
        self.pool = pool
        self.channel = channel
        self.time = time
    }

    /// Ends ``run(_:)``.
    func stop() {
        isStopped.withLock { $0 = true }
        pipe.wake()
    }

    /// Listens until it is stopped, or its task is cancelled.
    ///
    /// - Parameter tell: called at each notification, and when listening has begun.
    func run(_ tell: @escaping @Sendable () -> Void) async {
        let backoff = Backoff()
        var failures = 0
        var generator = SystemRandomNumberGenerator()
        while !Task.isCancelled {
            hasListened.withLock { $0 = false }
            if let connection = try? await pool.makeAside() {
                _ = try? await connection.run(for: pool.limits.statement) { [self] in try listen(on: $0, tell) }
                await connection.close()
                // A standby takes a connection and refuses to listen: it is asked ever more seldom, too.
                if hasListened.withLock({ $0 }) { failures = 0 }
            }
            failures += 1
            let pause = backoff.delay(afterFailures: failures, using: &generator)
            guard (try? await time.sleep(time.monotonic() + pause)) != nil else { return }
        }
    }

    private func listen(on link: Link, _ tell: () -> Void) throws {
        _ = try link.run([.once("LISTEN \(SchemaKeeper.quoted(channel))")])
        hasListened.withLock { $0 = true }
        tell()
        while !isStopped.withLock({ $0 }) {
            link.deadline = .now + Self.silence
            switch try link.waitForNotification(or: pipe.reader) {
            case .notified: tell()
            case .woken: return
            case .silent:
                link.deadline = .now + pool.limits.statement
                _ = try link.run([.once("SELECT 1")])
            }
        }
    }
}
