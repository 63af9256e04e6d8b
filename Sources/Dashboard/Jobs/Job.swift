public import Sessions

/// The number of a change, unique in one run of the dashboard.
public struct JobID: Sendable, Hashable, Comparable {
    /// The number, from 1.
    public var number: Int

    /// Wraps a number.
    public init(_ number: Int) { self.number = number }

    /// The earlier comes first.
    public static func < (a: JobID, b: JobID) -> Bool { a.number < b.number }
}

/// A change that runs or has run: what was asked, how far it has come, and what became of each session.
///
/// Nothing is said to be done before it is: *durable* when the store has committed it, *effective* when no node can
/// serve the sessions any more, and looked at again after 2 s and 10 s.
public struct Job: Sendable, Equatable {
    /// What is changed.
    public enum Kind: Sendable, Equatable {
        /// Sessions are ended.
        case revoke(RevokeTarget)
        /// Deadlines are moved.
        case extend([IDHash], NewDeadline)
    }

    /// How far it has come.
    public enum Stage: Sendable, Equatable {
        /// The store is at it.
        case running
        /// The store has committed it; nodes may still answer from their caches.
        case durable
        /// No node serves the sessions any more, so long after the commit.
        case effective(after: Duration)
        /// It could not be told whether it is effective: why.
        case uncertain(String)
        /// An extend is done, or sessions are unpinned, which no node has to hear of.
        case done
        /// The operator stopped it: what was done stays done. ``Job/partStage`` tells how far that has come.
        case stopped
        /// It failed: why. What was done before stays done, as after a stop.
        case failed(String)
    }

    /// One session and what became of it.
    public struct Line: Sendable, Equatable {
        /// Which.
        public var id: IDHash
        /// Whose.
        public var user: String?
        /// What became of it.
        public var outcome: Outcome
    }

    /// What became of a session.
    public enum Outcome: Sendable, Equatable {
        /// What a revoke found and did.
        case revoke(RevokeOutcome)
        /// What an extend found and did.
        case extend(ExtendOutcome)
        /// It was revoked, and is live again; or it was unpinned, and is bound anew.
        case cameBack
    }

    /// A second look.
    public struct Recheck: Sendable, Equatable {
        /// How long after the commit.
        public var after: Duration
        /// How many sessions had come back; `nil`: not looked yet.
        public var cameBack: Int?
        /// Why nobody could look; `nil`: somebody did, or will.
        public var error: String?
    }

    /// Its number.
    public var id: JobID
    /// What is changed.
    public var kind: Kind
    /// What it is for, for people: `s:7f3a91c2d0e1 (alice)`, `12 sessions`, `every session of alice`.
    public var title: String
    /// Whose the sessions of an extend were when it was ordered, as far as known; of very many, the first.
    public var users: [IDHash: String] = [:]
    /// What a revoke does in the store.
    public var meaning = RevokeMeaning.ends
    /// Whether the store tells what nodes have applied.
    public var tellsNodes = true
    /// Who ordered it, when and why.
    public var order: Order
    /// When it began.
    public var began: Moment
    /// How many sessions it is for; a rule may find more.
    public var total: Int
    /// How many have been done.
    public var done = 0
    /// How many of those failed.
    public var failed = 0
    /// How far it has come.
    public var stage = Stage.running
    /// When it came there.
    public var stageAt: Moment
    /// How far that part of a revoke has come that was done before it was stopped or failed: durable, effective or
    /// uncertain; `nil`: nothing was done, or the revoke came to its end.
    public var partStage: Stage?
    /// The nodes that refuse the sessions already.
    public var appliedNodes: [String] = []
    /// The nodes that are waited for.
    public var waitingNodes: [String] = []
    /// What became of the sessions, in the order asked for; of very many, the first.
    public var lines: [Line] = []
    /// How many sessions ended in each outcome, by its word.
    public var counts: [String: Int] = [:]
    /// The second looks, the sooner first.
    public var rechecks: [Recheck] = []
    /// The sessions that a second look found live again.
    var returned: Set<IDHash> = []
    /// Whether a stop was asked for.
    public var isStopping = false

    /// Second looks at what was revoked.
    public static let recheckTimes: [Duration] = [.seconds(2), .seconds(10)]
    /// Outcomes kept of one job, to be read.
    public static let lineLimit = 10_000

    /// Whether the store is still at it.
    public var isRunning: Bool { stage == .running }

    /// Whether nothing more is going to be heard of it.
    public var isOver: Bool {
        switch stage {
        case .running, .durable: false
        case .done, .effective, .uncertain: hasLooked
        case .stopped, .failed: partStage != .durable && hasLooked
        }
    }

    /// Whether it ended before all was done.
    var isCutShort: Bool {
        switch stage {
        case .stopped, .failed: true
        default: false
        }
    }

    private var hasLooked: Bool { !rechecks.contains { $0.cameBack == nil && $0.error == nil } }
}

/// The changes of one run of the dashboard; bounded.
public struct JobList: Sendable, Equatable {
    /// The newest last.
    public var jobs: [Job] = []
    /// The number that the next one gets.
    public var next = JobID(1)

    /// None yet.
    public init() {}

    /// Finished jobs kept, to be read.
    public static let limit = 20

    /// One of them.
    public subscript(id: JobID) -> Job? {
        get { jobs.last { $0.id == id } }
        set {
            guard let index = jobs.lastIndex(where: { $0.id == id }), let newValue else { return }
            jobs[index] = newValue
        }
    }

    /// Those that are still going on.
    public var active: [Job] { jobs.filter { !$0.isOver } }
}

/// What is heard of a change.
public enum JobEvent: Sendable {
    /// So many sessions have been done, of which so many failed.
    case progress(done: Int, failed: Int)
    /// The store has committed a revoke, or what was done of it before it was stopped or failed.
    case durable(RevokeReceipt)
    /// Which nodes refuse the sessions, and which may still serve them.
    case applied(nodes: [String], waiting: [String])
    /// No node serves them any more, so long after the commit.
    case effective(after: Duration)
    /// Nobody can tell whether it is effective.
    case uncertain(String)
    /// A second look: which sessions are live again.
    case rechecked(after: Duration, cameBack: [IDHash])
    /// A second look that failed.
    case recheckFailed(after: Duration, String)
    /// An extend is done: an outcome for each session, in order; for the first of them where it is stopped or fails then.
    case extended([ExtendOutcome])
    /// It was stopped. Comes after what was done.
    case stopped
    /// It failed. Comes after what was done.
    case failed(String)
}
