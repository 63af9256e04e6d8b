internal import GRDB
internal import Sessions
internal import Synchronization

/// The one way to write: whoever waits while a transaction is being committed shares the next one (group commit).
///
/// A caller whose work fails is undone alone. Where the transaction itself fails, everybody in it is told so; nobody is
/// told of success before the commit.
///
/// Where another process's transaction doesn't end in time, everybody who waits is told that the store is busy, and so is
/// at once whoever comes while ``mostWaiting`` wait: neither the memory they take nor their wait grows without a bound.
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
    /// So many callers wait at most for a transaction to share: 16 groups.
    static let mostWaiting = 8192

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
    ///
    /// - Throws: ``SessionsError`` with `busy` where another process's transaction doesn't end, or too many wait already;
    ///   what the work throws, or the transaction.
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
        enum Place { case first, behind, full }
        let place: Place = waiting.withLock { waiting in
            guard waiting.jobs.count < Self.mostWaiting else { return .full }
            waiting.jobs.append(job)
            defer { waiting.isDraining = true }
            return waiting.isDraining ? .behind : .first
        }
        switch place {
        case .first: queue.asyncWriteWithoutTransaction { self.drain($0) }
        case .behind: break
        case .full:
            job.fail(SessionsError(.busy, "too many writes wait for \(path) already: try again shortly"))
        }
    }

    /// How many callers wait now for a transaction to share.
    var waitingCount: Int { waiting.withLock { $0.jobs.count } }

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

    /// Everybody who waits; nobody does any more.
    private func takeWaiting() -> [Job] {
        waiting.withLock { waiting in
            defer { waiting.jobs = [] }
            return waiting.jobs
        }
    }

    private func commit(_ group: [Job], in db: Database) {
        var failed: [(job: Job, error: any Error)] = []
        var done: [Report] = []
        do {
            try identity.check()
            try db.run("BEGIN IMMEDIATE")
            var transaction = try WriteTransaction(db, namespace: namespace)
            // Whoever has it alone needs no savepoint, for which SQLite copies each page that is written: it is undone whole.
            let isAlone = group.count == 1
            for job in group {
                do {
                    done.append(isAlone ? try job.work(&transaction) : try transaction.isolate(job.work))
                } catch {
                    guard !isAlone, db.isInTransaction else { throw error }
                    failed.append((job, error))
                }
            }
            try transaction.finish()
            try db.run("COMMIT")
            for report in done { report() }
            if transaction.hasFedFeed { news.tell(upTo: transaction.positions.feedEnd) }
        } catch {
            if db.isInTransaction { try? db.run("ROLLBACK") }
            // Whoever waits behind another process's transaction would wait as long again, one group after the other.
            let behind = isBusy(error) ? takeWaiting() : []
            failed = (group + behind).map { ($0, error) }
        }
        for (job, error) in failed { job.fail(SessionsError.translating(error, path: path)) }
    }

    private func isBusy(_ error: any Error) -> Bool {
        (SessionsError.translating(error, path: path) as? SessionsError)?.code == .busy
    }
}
