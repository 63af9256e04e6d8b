internal import GRDB
internal import Sessions
internal import Synchronization

/// The one way to write: whoever waits while a transaction is being committed shares the next one (group commit).
///
/// A caller whose work fails is undone alone. Where the transaction itself fails, everybody in it is told so; nobody is
/// told of success before the commit.
final class WriterLane: Sendable {
    /// One caller's work, and how to tell them what came of it.
    private struct Job: Sendable {
        /// Does the work; what it returns is called after the commit.
        let work: @Sendable (inout WriteTransaction) throws -> Report
        let fail: @Sendable (any Error) -> Void
    }

    private typealias Report = @Sendable () -> Void

    private struct Waiting {
        var jobs: [Job] = []
        var isDraining = false
    }

    /// So many callers share a transaction at most: the first of them shouldn't wait for ever.
    private static let largestGroup = 512

    private let queue: DatabaseQueue
    private let namespace: Int64
    private let path: String
    private let identity: FileIdentity
    private let news: FeedNews
    private let waiting = Mutex(Waiting())

    init(queue: DatabaseQueue, namespace: Int64, path: String, identity: FileIdentity, news: FeedNews) {
        self.queue = queue
        self.namespace = namespace
        self.path = path
        self.identity = identity
        self.news = news
    }

    /// Does some work in a transaction, and returns when it is durable.
    func write<Result: Sendable>(
        _ work: @escaping @Sendable (inout WriteTransaction) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            enqueue(
                Job(
                    work: { transaction in
                        let result = try work(&transaction)
                        return { continuation.resume(returning: result) }
                    },
                    fail: { continuation.resume(throwing: $0) }))
        }
    }

    private func enqueue(_ job: Job) {
        let mustStart = waiting.withLock { waiting in
            waiting.jobs.append(job)
            defer { waiting.isDraining = true }
            return !waiting.isDraining
        }
        if mustStart { queue.asyncWriteWithoutTransaction { self.drain($0) } }
    }

    private func drain(_ db: Database) {
        while let group = nextGroup() { commit(group, in: db) }
    }

    private func nextGroup() -> [Job]? {
        waiting.withLock { waiting in
            waiting.isDraining = !waiting.jobs.isEmpty
            guard waiting.isDraining else { return nil }
            let group = Array(waiting.jobs.prefix(Self.largestGroup))
            waiting.jobs.removeFirst(group.count)
            return group
        }
    }

    private func commit(_ group: [Job], in db: Database) {
        var failed: [(job: Job, error: any Error)] = []
        var done: [Report] = []
        do {
            try identity.check()
            try db.run("BEGIN IMMEDIATE")
            var transaction = try WriteTransaction(db, namespace: namespace)
            for job in group {
                do {
                    done.append(try transaction.isolate(job.work))
                } catch {
                    guard db.isInTransaction else { throw error }
                    failed.append((job, error))
                }
            }
            try transaction.finish()
            try db.run("COMMIT")
            for report in done { report() }
            if transaction.hasFedFeed { news.tell(upTo: transaction.positions.feedEnd) }
        } catch {
            if db.isInTransaction { try? db.run("ROLLBACK") }
            failed = group.map { ($0, error) }
        }
        for (job, error) in failed { job.fail(SessionsError.translating(error, path: path)) }
    }
}
