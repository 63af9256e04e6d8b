internal import Sessions

/// What is known of each node: what it said last, when that was, and what went with it.
struct NodeBook: Sendable {
    /// One node.
    struct Page: Sendable {
        let address: NodeAddress
        /// Its last report, by this machine's clock.
        var report: NodeReport?
        /// Whether its sessions lie in its own memory; else the URL of the store that it shares.
        var isMemory = true
        var storeURL = ""
        var software = ""
        /// Why it didn't answer the last time; `nil`: it did.
        var failure: SessionsError?
        /// Live sessions that went with earlier processes of it.
        var lost: Int64 = 0
        var samples: [CounterSample] = []
        /// Live sessions that were seen in its memory.
        var seen = SeenSessions()
        /// Those of them that went with earlier processes of it, the latest first.
        var missing: [NodeReport.MissingSession] = []

        /// Its name; before it has said one, its address.
        var name: String { report?.id ?? "\(address.authority)" }
        /// How many sessions it held when it was last seen; `nil`: it never was.
        var held: Int64? { isMemory ? report?.counters[.memorySessions] : nil }
    }

    /// What one revoke or cut-off needs applied at each node that took it.
    private struct Commit: Sendable {
        let number: Int64
        let positions: [Int: FeedPosition]
    }

    private(set) var pages: [Page]
    private let began: Timestamp
    private var commits: [Commit] = []
    private var lastCommit: Int64 = 0

    private static let mostCommits = 1000
    private static let samplesKept = Duration.seconds(20 * 60)

    init(_ addresses: [NodeAddress], began: Timestamp) {
        pages = addresses.map { Page(address: $0) }
        self.began = began
    }

    /// The nodes that rows are asked of: where several share a store, the first of them that answers.
    var speakers: [Int] {
        var stores: Set<[UInt8]> = []
        return pages.indices.filter { index in
            let page = pages[index]
            guard !page.isMemory else { return true }
            return page.failure == nil && stores.insert(Array(page.storeURL.utf8)).inserted
        }
    }

    /// Whether several nodes hold sessions apart from each other.
    var isSeveral: Bool { speakers.count > 1 }

    mutating func note(_ error: SessionsError?, of index: Int) { pages[index].failure = error }

    /// Takes in what a node says of itself.
    mutating func note(_ found: NodeSelf, of index: Int, at now: Timestamp) {
        var report = found.report
        // Clocks differ: how old it is, is told by the node's own.
        report.heartbeat = now - max(.zero, found.now - report.heartbeat)
        if let earlier = pages[index].report, earlier.started != report.started {
            lose(earlier, of: index, at: now)
        }
        pages[index].report = report
        (pages[index].isMemory, pages[index].storeURL) = (found.isMemory, found.storeURL)
        pages[index].software = found.software
        pages[index].failure = nil
    }

    /// Another process has begun: what the one before held is lost.
    private mutating func lose(_ earlier: NodeReport, of index: Int, at now: Timestamp) {
        let gone = pages[index].seen.list(at: now)
        // Rows are read more often than reports, reports count more than is remembered of rows.
        let held = max(earlier.counters[.memorySessions], Int64(gone.count))
        // A node may begin anew as often as it likes.
        pages[index].lost = min(pages[index].lost + held, Counters.most)
        pages[index].missing = Array((gone + pages[index].missing).prefix(SeenSessions.mostShown))
        pages[index].seen = SeenSessions()
    }

    /// Rows of a node's memory were read; from its first on, where a pass over all of them begins.
    mutating func note(_ rows: [SessionRow], removed: [IDHash] = [], of index: Int, beginsAnew: Bool = false) {
        guard pages[index].isMemory else { return }
        if beginsAnew { pages[index].seen = SeenSessions() }
        // Where it was seen last, it is: it was handed over.
        for other in pages.indices where other != index {
            pages[other].seen.note([], removed: rows.lazy.filter { $0.state == .live }.map(\.id))
        }
        pages[index].seen.note(rows, removed: removed)
    }

    mutating func note(_ samples: [CounterSample], of index: Int, at now: Timestamp) {
        let known = Set(pages[index].samples.map { "\($0.started) \($0.at) \($0.node)" })
        pages[index].samples += samples.filter { !known.contains("\($0.started) \($0.at) \($0.node)") }
        pages[index].samples.removeAll { $0.at < now - Self.samplesKept }
        pages[index].samples.sort { $0.at < $1.at }
    }

    // MARK: - Positions

    /// Gives a revoke that several nodes took a position of its own.
    ///
    /// Each node has its own feed: their positions mean nothing to each other.
    mutating func commit(_ positions: [Int: FeedPosition]) -> FeedPosition {
        if pages.count == 1, let only = positions[0] { return only }
        lastCommit += 1
        commits.append(Commit(number: lastCommit, positions: positions))
        if commits.count > Self.mostCommits { commits.removeFirst() }
        return FeedPosition(lastCommit)
    }

    /// What each node last said, with this machine's positions: those of the revokes that it has applied.
    func reports(at now: Timestamp) -> [NodeReport] {
        pages.indices.map { index in
            let page = pages[index]
            guard var report = page.report else {
                // Nobody knows how long it answers from memory: as long as any does that wasn't told otherwise.
                return NodeReport(
                    id: page.name, started: began, heartbeat: began - NodeReport.silence, applied: .start,
                    lease: NodePolicy.usualLease)
            }
            report.counters[.memoryLost] = page.lost
            report.missing = page.missing
            // A silent node's sessions come first: nobody knows yet whether they are lost.
            if page.failure != nil, page.isMemory {
                report.missing = Array((page.seen.list(at: now) + page.missing).prefix(SeenSessions.mostShown))
            }
            guard pages.count > 1, let applied = report.applied else { return report }
            // A node that was not told is behind. So is one that began later: what was denied before is news to it.
            let behind = commits.first { commit in
                position(of: commit, at: index).map { applied < $0 } ?? true
            }
            report.applied = FeedPosition(behind.map { $0.number - 1 } ?? lastCommit)
            return report
        }
    }

    /// Where a commit stands in the feed that a node follows: its own, or that of a store that it shares with a node that
    /// was told.
    ///
    /// - Returns: `nil` where the node was not told, nor can hear of it.
    private func position(of commit: Commit, at index: Int) -> FeedPosition? {
        if let own = commit.positions[index] { return own }
        return commit.positions.filter { other, _ in sharesStore(other, index) }.values.max()
    }

    // MARK: - Nodes that no URL names

    /// Who tells of all nodes of each store that is shared, and up to where in its feed a commit asks for.
    ///
    /// - Throws: why nobody answers who shares a store that was told of the commit.
    func witnesses(of position: FeedPosition) throws -> [(index: Int, position: FeedPosition)] {
        let speakers = speakers.filter { !pages[$0].isMemory }
        for index in pages.indices where !pages[index].isMemory {
            guard let failure = pages[index].failure, place(of: position, at: index) != nil,
                !speakers.contains(where: { sharesStore($0, index) })
            else { continue }
            throw failure
        }
        return speakers.map { ($0, place(of: position, at: $0) ?? .start) }
    }

    /// What each node last said, and what the stores tell of it and of nodes that no URL names.
    ///
    /// - Parameters:
    ///   - now: the present time.
    ///   - position: the commit that is asked about.
    ///   - published: what all nodes of a store have published, checked up to the commit, by one of ``witnesses(of:)``.
    /// - Returns: the reports; whoever has not applied the commit is behind.
    func reports(
        at now: Timestamp, upTo position: FeedPosition, _ published: [(index: Int, reports: [NodeReport])]
    ) -> [NodeReport] {
        var reports = self.reports(at: now)
        for (index, others) in published {
            let needed = place(of: position, at: index)
            for var report in others {
                let isBehind = report.applied.map { applied in needed.map { applied < $0 } ?? true } ?? false
                if report.applied != nil { report.applied = isBehind ? .start : position }
                let named = pages.indices.first { sharesStore($0, index) && pages[$0].name.hasBytes(of: report.id) }
                guard let named else {
                    reports.append(report)
                    continue
                }
                // What a node says itself isn't checked; and one that is silent may be another process by now.
                let isSilent = pages[named].failure != nil
                if isSilent || isBehind && reports[named].started == report.started { reports[named] = report }
            }
        }
        return reports
    }

    /// Where a commit stands in the feed of the store that a node shares; `nil`: the store was not told of it.
    private func place(of commit: FeedPosition, at index: Int) -> FeedPosition? {
        // The only node's positions are the directory's own.
        if pages.count == 1 { return commit }
        return commits.first { $0.number == commit.value }.flatMap { position(of: $0, at: index) }
    }

    private func sharesStore(_ a: Int, _ b: Int) -> Bool {
        !pages[a].isMemory && !pages[b].isMemory && pages[a].storeURL.hasBytes(of: pages[b].storeURL)
    }

    // MARK: - What is missing

    /// What the answers leave out, for people.
    func gaps(at now: Timestamp) -> [String] {
        pages.filter { $0.failure != nil }.map { page in
            guard page.isMemory else { return "\(page.name) doesn't answer" }
            guard let report = page.report, let held = page.held else {
                return "\(page.name) doesn't answer: what it holds isn't in here, nor is known"
            }
            return
                "\(page.name) doesn't answer: the \(held) sessions that it held at \(report.heartbeat) aren't in here"
        }
    }
}

/// What a node says of itself.
struct NodeSelf: Sendable {
    let report: NodeReport
    /// Its clock.
    let now: Timestamp
    let isMemory: Bool
    let storeURL: String
    let software: String
    let isReadOnly: Bool

    init(_ fields: JSONFields) throws {
        report = try NodeReport(json: fields.value("node") ?? .null)
        now = try fields.time("now")
        isMemory = try fields.flag("memory")
        let store = try fields.object("store")
        (storeURL, software) = (try store.text("url"), try store.text("software"))
        isReadOnly = try fields.flag("readOnly")
    }
}
