public import Sessions
internal import Synchronization

extension NodesDirectory {
    /// What each node says of itself; of one that doesn't answer, what it said last.
    ///
    /// Positions of the feed are of this directory's own orders: each node has a feed of its own. The counter
    /// `memory.sessions` says what a node holds or held, `memory.lost` what went with its earlier processes.
    public func nodes() async throws -> [NodeReport] {
        try await meet(Array(clients.indices))
        return book.withLock { [now = time.wall()] in $0.reports(at: now) }
    }

    /// The same, and what the other nodes have published that share a store with one of these: a revoke isn't effective
    /// before they have applied it, too, whether or not a URL names them.
    ///
    /// - Parameter position: of a receipt that this directory gave.
    /// - Returns: the reports, each checked by the store where there is one.
    /// - Throws: ``SessionsError`` where a store was told of the revoke, and nobody answers who could tell which nodes share
    ///   it.
    public func nodes(checkedUpTo position: FeedPosition) async throws -> [NodeReport] {
        try await meet(Array(clients.indices))
        // By itself: whoever asks meanwhile and is answered must not bring back a witness that has failed.
        var known = book.withLock { $0 }
        var published: [(index: Int, reports: [NodeReport])] = []
        while let (index, place) = try known.witnesses(of: position).first(where: { witness in
            !published.contains { $0.index == witness.index }
        }) {
            do {
                let answer = try await clients[index].get("/v1/nodes", [("upTo", "\(place.value)")])
                published.append((index, try answer.list("nodes").map { try NodeReport(json: $0) }))
            } catch {
                try Task.checkCancellation()
                // Another that shares its store is asked next, where there is one.
                let failure = SessionsError.because(error)
                known.note(failure, of: index)
                book.withLock { $0.note(failure, of: index) }
            }
        }
        return known.reports(at: time.wall(), upTo: position, published)
    }

    /// Asks nodes who they are: what an earlier process of one held is lost from then on.
    func meet(_ indices: [Int]) async throws {
        let answers = await clients.askAll(indices) { try NodeSelf(try await $0.get("/v1/node")) }
        try Task.checkCancellation()
        let now = time.wall()
        book.withLock { book in
            for (index, answer) in answers {
                switch answer {
                case .success(let node): book.note(node, of: index, at: now)
                case .failure(let error): book.note(error, of: index)
                }
            }
        }
    }

    /// The samples of every node's counters; of one that doesn't answer, those that it gave before.
    public func samples(since moment: Timestamp) async throws -> [CounterSample] {
        let all = Array(clients.indices)
        let answers = try await ask(all) { client in
            try (try await client.get("/v1/samples", [("since", "\(moment)")])).list("samples").map {
                try CounterSample(json: $0)
            }
        }
        let now = time.wall()
        return book.withLock { book in
            for (index, answer) in answers {
                let name = book.pages[index].name
                if let samples = answer.success {
                    // A store that several share tells of all of them; each node tells of itself.
                    book.note(samples.filter { $0.node.hasBytes(of: name) }, of: index, at: now)
                }
            }
            return book.pages.flatMap(\.samples).filter { $0.at >= moment }.sorted { $0.at < $1.at }
        }
    }

    /// What is wrong with the nodes: one that is down or being drained, or whose memory is nearly full.
    public func findings(at now: Timestamp) async throws -> [Finding] {
        let reports = try await nodes()
        let pages = book.withLock { $0.pages }
        var findings = book.withLock { $0.gaps(at: now) }.map { gap in
            Finding("nodes", .problem, gap, advice: "see that it runs, and that its admin API can be reached")
        }
        for (page, report) in zip(pages, reports) where page.failure == nil && page.isMemory {
            findings += Self.findings(in: report)
        }
        return findings
    }

    private static func findings(in report: NodeReport) -> [Finding] {
        let counters = report.counters
        var findings: [Finding] = []
        if report.status == .draining {
            findings.append(
                Finding(
                    "drain", .warning, "\(report.id) is being drained: \(counters[.memorySessions]) sessions are left",
                    advice: "they are lost when it stops, unless they are handed over"))
        }
        let (evicted, refused) = (counters[.memoryEvicted], counters[.memoryRefused])
        if evicted + refused > 0 {
            findings.append(
                Finding(
                    "memory", .warning,
                    "\(report.id) had no room: \(evicted) sessions were evicted, \(refused) were refused",
                    advice: "raise its limits, or add nodes"))
        }
        if counters[.memoryLost] > 0 {
            findings.append(
                Finding(
                    "lost", .warning, "\(report.id) began anew: \(counters[.memoryLost]) sessions are lost",
                    advice: "drain a node before it stops"))
        }
        return findings
    }
}
