public import Sessions
internal import Synchronization

/// Sessions of another framework, for an operator: any layout, over any kind of store.
///
/// It keeps which key each session that it has lately seen lies under: other frameworks' stores know no hashes of ids.
public final class LayoutDirectory: SessionDirectory, Sendable {
    /// So many records are read at once.
    static let recordsAtOnce = 500

    /// What this store is.
    public let description: StoreDescription
    /// What can be done with this layout.
    public let capabilities: Capabilities

    /// What it has cost the servers.
    public var traffic: StoreTraffic? { source.traffic }

    let layout: Layout
    let source: any LayoutSource
    let time: TimeSource
    let log: OperatorLog?
    private let known = Mutex(KnownKeys())
    /// So many live sessions the last look for a user's could not tell the user of.
    private let unread = Mutex(0)

    /// Makes one.
    ///
    /// - Parameters:
    ///   - match: the layout, and how it was found; without evidence: it was asked for.
    ///   - source: the store.
    ///   - url: its URL, with any password masked.
    ///   - software: its kind and version.
    ///   - readOnly: why nothing may be changed; `nil`: it may.
    ///   - log: where changes are put on the record, for no framework's store keeps one; `nil`: nowhere. Where it is one
    ///     that can't be written to, nothing is changed.
    ///   - time: where time comes from.
    public init(
        _ match: LayoutMatch, in source: any LayoutSource, url: String, software: String, readOnly: String?,
        log: OperatorLog? = nil, time: TimeSource
    ) {
        layout = match.layout
        self.source = source
        self.log = log
        self.time = time
        var description = StoreDescription(url: url, software: software, layout: match.layout.name)
        description.notes = match.layout.told(evidence: match.evidence)
        self.description = description
        capabilities = match.layout.capabilities(readOnly: readOnly, log: log)
    }

    /// What the last look for a user's sessions could not read: any of it may be theirs.
    public func gaps() async -> [String] { Self.gaps(unread: unread.withLock { $0 }) }

    /// What a look for a user's sessions leaves out that could not tell the user of so many.
    static func gaps(unread count: Int) -> [String] {
        switch count {
        case 0: []
        case 1: ["1 session can't be read: whose it is isn't known"]
        default: ["\(count) sessions can't be read: whose they are isn't known"]
        }
    }

    /// Keeps how many live sessions a look for a user's could not tell the user of.
    func keep(unread count: Int) { unread.withLock { $0 = count } }

    // MARK: Keys

    /// How many keys it keeps.
    var knownCount: Int { known.withLock { $0.count } }

    /// A pass over all sessions begins.
    func beginPass() { known.withLock { $0.beginPass() } }

    /// A pass has read every session.
    func endPass() { known.withLock { $0.endPass() } }

    private func remember(_ found: FoundSession) { known.withLock { $0.remember(found.key, of: found.row.id) } }

    /// The keys of some sessions, those that were not seen before looked for among all; `nil` where there is none.
    func keys(of ids: [IDHash]) async throws -> [[UInt8]?] {
        let keys = known.withLock { known in ids.map { known[$0] } }
        var missing = Set(zip(ids, keys).filter { $0.1 == nil }.map(\.0))
        guard !missing.isEmpty else { return keys }
        var met: [IDHash: [UInt8]] = [:]
        try await forEachKey { id, key in
            if missing.remove(id) != nil {
                met[id] = key
                known.withLock { $0.remember(key, of: id) }
            }
            return !missing.isEmpty
        }
        return zip(ids, keys).map { id, key in key ?? met[id] }
    }

    /// Every key of a session, until the closure has enough.
    func forEachKey(_ body: (IDHash, [UInt8]) throws -> Bool) async throws {
        var mark: [UInt8]?
        repeat {
            let page = try await source.keys(after: mark, limit: 1000)
            for key in page.keys {
                if let id = layout.id(ofKey: key), try !body(id, key) { return }
            }
            mark = page.next
        } while mark != nil
    }

    // MARK: Sessions

    /// Reads the sessions under some keys, in order, a few MiB of payloads at a time.
    func read(
        _ keys: [[UInt8]], whole: Bool, _ body: (LayoutRecord, FoundSession) throws -> Void
    ) async throws {
        var rest = keys[...]
        while !rest.isEmpty {
            try Task.checkCancellation()
            let records = try await source.records(rest, whole: whole || layout.needsPayloads)
            let now = time.wall()
            for case let record? in records {
                guard let found = layout.read(record, at: now) else { continue }
                remember(found)
                try body(record, found)
            }
            rest = rest.dropFirst(max(1, records.count))
        }
    }

    /// The session under a key, whole; `nil`: there is none.
    func session(under key: [UInt8]) async throws -> (record: LayoutRecord, found: FoundSession)? {
        guard let record = try await source.records([key], whole: true).first ?? nil,
            let found = layout.read(record, at: time.wall())
        else { return nil }
        remember(found)
        return (record, found)
    }

    /// Every session, each once: a store may tell a key twice while it is being changed.
    func forEachSession(_ body: (FoundSession) throws -> Void) async throws {
        var seen: Set<IDHash> = []
        var mark: [UInt8]?
        beginPass()
        repeat {
            let page = try await source.keys(after: mark, limit: Self.recordsAtOnce)
            try await read(page.keys, whole: false) { _, found in
                if seen.insert(found.row.id).inserted { try body(found) }
            }
            mark = page.next
        } while mark != nil
        endPass()
    }
}

extension Layout {
    fileprivate func told(evidence: String?) -> StoreDescription.Notes {
        StoreDescription.Notes(
            found: evidence, unknown: isLifetimeMissing ? "Deadlines are not known: \(Self.missing(name))." : nil,
            afterRevoke: [notes.comesBack.map { "A session can come back: \($0)." }, notes.beyondRevoke]
                .compactMap { $0 }, afterExtend: notes.afterExtend)
    }
}
