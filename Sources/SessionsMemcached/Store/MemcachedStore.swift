public import Sessions
internal import SessionsTransport
internal import Synchronization

/// Sessions in memcached itself: one server, or several that share the keys by ketama.
///
/// It can lose sessions: a server that restarts has lost its own, and one that is full throws out those that were longest
/// unused. What is lost isn't there, and is never back: a request with a lost session is a stranger's. Choose it where
/// people may have to sign in again; nothing else here loses a session.
///
/// Every session is one item, written by compare-and-set alone. There is no upsert: an id that is there is refused, and
/// everything else writes only over an item that was read, and was live. A revoked session stays as a tombstone until its
/// time. Items go by themselves when their longest life and the tombstone's time are over.
///
/// All items belong to a *run* of the namespace, which one small item names, the root. It is read with every session. Where
/// it is lost, nothing is live any more: the next service begins a new run, and nodes drop what they hold, since
/// positions of the feed leap ahead. With several servers, the root lies on one of them, and while that one is away all
/// else is `unavailable`; while another is away, its share is.
///
/// The feed, the cut-offs, the nodes' reports and the audit log are items as well, and can be lost as such: a lost part of
/// the feed makes nodes begin anew, lost cut-offs end the run, and a lost entry of the audit log shows as a gap. Where the
/// list of nodes or a report is lost, the node's next heartbeat brings it back, and until all had the time for that each
/// revoke waits for the longest lease, and is never effective earlier: so it is for the first seconds of a run, too. All
/// cut-offs share one item: where it is full, after many thousand users, the oldest become one of everyone, and sessions
/// of before it end.
///
/// It needs no shared cache in front: don't put one there.
public final class MemcachedStore: SessionStore, SessionDirectory, Sendable {
    /// What may be done with the store.
    public enum OpenMode: Sendable {
        /// Read and write; a namespace that isn't there, or was lost, begins.
        case create
        /// Read and write what is there.
        case existing
        /// Read what is there.
        case readOnly
    }

    /// What this store may know from earlier.
    struct Memory: Sendable {
        /// The root as it was last read.
        var root: StoreRoot?
        /// The cut-offs, and the run that they are of.
        var cutoffs: (run: Int64, book: CutoffBook)?
        /// The list of nodes that this handle found itself in last, and since when it has.
        var nodeList: (number: Int64, since: MonotonicInstant)?
        /// The run that was asked for its nodes last, and since when this handle knows of it.
        var run: (number: Int64, since: MonotonicInstant)?
        /// The ids of the last listing, in order.
        var listed: [IDHash] = []
        /// A change that nobody has written yet, and since when it has been missed.
        var missing: (change: Int64, since: MonotonicInstant)?
        /// Servers that the last listing left out.
        var gaps: [String] = []
    }

    /// What this store can do: it can lose a session.
    public let capabilities: Capabilities
    /// The servers with any password masked, and their versions once they have been reached.
    public var description: StoreDescription {
        StoreDescription(url: url, software: client.software, layout: "native")
    }

    /// What it has cost the servers.
    public var traffic: StoreTraffic? { client.witness.meter.traffic + lister.client.witness.meter.traffic }

    let client: MemcachedClient
    let lister: MemcachedLister
    let names: StoreNames
    let namespace: String
    let url: String
    let mode: OpenMode
    /// What it was told to keep when it was opened.
    public var retention: Retention? { kept }

    let kept: Retention
    let time: TimeSource
    /// Called before each command: a test lets the process die there, or others do something first.
    let beforeCommand: @Sendable () async throws -> Void
    /// The most bytes of a value that the servers take.
    let largestValue: Int
    let memory = Mutex(Memory())
    let silentNodes = SilentNodes()
    let news = FeedNews()

    /// Makes a store of what was found when it was opened.
    init(
        client: MemcachedClient, lister: MemcachedLister, namespace: String, url: String, mode: OpenMode,
        retention: Retention, time: TimeSource, largestValue: Int, capabilities: Capabilities,
        beforeCommand: @escaping @Sendable () async throws -> Void
    ) throws {
        names = try StoreNames(namespace: namespace)
        self.client = client
        self.lister = lister
        self.namespace = namespace
        self.url = url
        self.mode = mode
        kept = retention
        self.time = time
        self.largestValue = largestValue
        self.beforeCommand = beforeCommand
        self.capabilities = capabilities
    }
}
