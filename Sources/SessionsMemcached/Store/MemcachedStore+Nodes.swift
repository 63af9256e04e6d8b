public import Sessions
internal import Synchronization

/// What the nodes publish.
extension MemcachedStore {
    /// A sample is taken when the last one of the node is so old, a little less than five heartbeats.
    private static let sampleInterval = Duration.milliseconds(4500)
    /// How long samples are kept.
    private static let samplesKept = Duration.seconds(20 * 60)
    /// So many samples of a node are read at once.
    private static let samplesAtOnce: Int64 = 64

    /// Publishes what a node has applied and counted.
    ///
    /// Every five seconds it becomes a sample, too. Each time the node adds itself to the list of nodes, where that has
    /// lost it.
    public func publish(_ report: NodeReport) async throws {
        try requireWritable()
        try await register(report)
        let key = try names.node(report.id)
        let life = MemcachedLife(lasting: .seconds(86_400), from: time.wall())
        for _ in 0..<Self.attempts {
            let found = try await fetch(key)
            let known = try found.map { try NodeItem($0.bytes) }
            var item = known ?? NodeItem(sample: 0, sampled: (report.started, report.heartbeat), report: [])
            item.report = report.packed
            if known.map({ Self.isDue($0, report) }) ?? true {
                item.sample += 1
                item.sampled = (report.started, report.heartbeat)
                try await write(sample(of: report), at: try names.sample(report.id, item.sample), life: sampleLife)
            }
            if let found {
                if try await put(item.packed, at: key, over: found, life: life) { return }
            } else {
                if try await add(item.packed, at: key, life: life) { return }
            }
        }
        throw isBusy
    }

    /// What every node has published, whether it is still alive or not.
    public func nodes() async throws -> [NodeReport] {
        try await nodeItems().map { try NodeReport(id: $0.name, $0.item.report) }
    }

    /// The longest lease, where a node may live that none of the reports is of.
    ///
    /// So it is where the list of nodes is lost, as long as it is so new that a node may not have come back to it, and
    /// where a report is lost. After a restart nobody remembers more than that: then it is the usual lease, or the longest
    /// that has registered since.
    ///
    /// In a run it is the longest that any node ever had, also when that node is gone: it can't be lowered
    /// without the risk to wait too briefly.
    ///
    /// - Parameter reports: what ``nodes()`` has just answered.
    /// - Returns: the lease; `nil`: no other node can live.
    /// - Throws: `SessionsError`.
    public func leaseOfLostNodes(beside reports: [NodeReport]) async throws -> Duration? {
        let root = try await root(bumps: false)
        let since = memory.withLock { memory in
            if memory.run?.number != root.run { memory.run = (root.run, time.monotonic()) }
            return memory.run?.since ?? time.monotonic()
        }
        let list = try await nodeList()
        if let list {
            let known = Set(reports.map(\.id))
            if list.isComplete, list.nodes.allSatisfy({ known.contains($0) }) { return nil }
        } else if root.lease == nil, time.monotonic() - since > NodeList(lost: nil).settlingTime {
            // None of this run since this handle knows it, and one of an earlier run would have registered by now.
            return nil
        }
        return max(list?.longestLease ?? .zero, root.lease ?? .zero, NodePolicy.usualLease)
    }

    /// The samples of every node's counters since a moment, in the order of time.
    public func samples(since moment: Timestamp) async throws -> [CounterSample] {
        var all: [CounterSample] = []
        for (name, item) in try await nodeItems() {
            var last = item.sample
            var hasMore = true
            while hasMore, last > 0 {
                let numbers = Array(max(1, last - Self.samplesAtOnce + 1)...last)
                let found = try await forEach(numbers) { number in
                    try await self.fetch(try self.names.sample(name, number), bumps: false)?.bytes
                }
                let samples = try found.compactMap { try $0.map { try CounterSample($0) } }
                all += samples.filter { $0.at >= moment }
                // Numbers rise with time: behind a sample that is too old, or gone, there is none that is wanted.
                hasMore = samples.count == numbers.count && samples.allSatisfy { $0.at >= moment }
                last -= Int64(numbers.count)
            }
        }
        return all.sorted { $0.at < $1.at }
    }
}

extension MemcachedStore {
    private var sampleLife: MemcachedLife { MemcachedLife(lasting: Self.samplesKept, from: time.wall()) }

    private static func isDue(_ item: NodeItem, _ report: NodeReport) -> Bool {
        item.sampled.started != report.started || item.sampled.at <= report.heartbeat - sampleInterval
    }

    private func sample(of report: NodeReport) -> [UInt8] {
        CounterSample(node: report.id, started: report.started, at: report.heartbeat, counters: report.counters).packed
    }

    /// Every node's name and what it published, in the order of names.
    private func nodeItems() async throws -> [(name: String, item: NodeItem)] {
        guard let names = try await nodeList()?.nodes else { return [] }
        let items = try await forEach(names) { name in
            try await self.fetch(try self.names.node(name), bumps: false)?.bytes
        }
        return try zip(names, items).compactMap { name, bytes in try bytes.map { (name, try NodeItem($0)) } }
    }

    /// Forgets nodes whose last report is still the one that was found.
    func removeNodes(_ silent: [NodeReport]) async throws {
        var gone: [[UInt8]] = []
        for report in silent {
            let key = try names.node(report.id)
            guard let found = try await fetch(key, bumps: false) else { continue }
            let last = try NodeReport(id: report.id, try NodeItem(found.bytes).report)
            guard last.started == report.started, last.heartbeat == report.heartbeat else { continue }
            if try await remove(key, found) { gone.append(Array(report.id.utf8)) }
        }
        // One that comes back meanwhile adds its name again with its next report; until then the list isn't complete.
        if !gone.isEmpty { try await changeNodes { $0.subtract(gone) } }
    }

    /// Takes out the names whose reports are lost: each revoke waits for them, and whoever lives comes back.
    func removeNodesWithoutReports() async throws {
        guard let list = try await nodeList() else { return }
        let reported = Set(try await nodeItems().map { Array($0.name.utf8) })
        let lost = list.names.filter { !reported.contains($0) }
        if !lost.isEmpty { try await changeNodes { $0.subtract(lost) } }
    }

    /// The list of nodes; `nil`: none has registered, or it is lost.
    func nodeList() async throws -> NodeList? {
        try await fetch(try names.nodes, bumps: false).map { try NodeList($0.bytes) }
    }

    /// Sees to it that a node stands in the list, and that the root knows its lease.
    ///
    /// A list becomes complete by whoever has found it there for long enough, by a clock that can't jump.
    private func register(_ report: NodeReport) async throws {
        let root = try await root()
        let (known, now) = (memory.withLock { $0.nodeList }, time.monotonic())
        let list = try await changeNodes(root) { list in
            list.insert(Array(report.id.utf8))
            list.lease = max(list.lease, report.lease ?? .zero)
            if let known, known.number == list.number, now - known.since > list.settlingTime { list.isComplete = true }
        }
        if known?.number != list.number {
            // From after it was written on.
            let since = time.monotonic()
            memory.withLock { $0.nodeList = (list.number, since) }
        }
        if root.lease.map({ $0 < list.lease }) ?? true {
            try await changeRoot { $0.lease = max($0.lease ?? .zero, list.lease) }
        }
    }

    /// Changes the list of nodes; where it is lost, it begins anew.
    ///
    /// - Parameters:
    ///   - known: the root, where it was just read.
    ///   - change: may be called several times.
    /// - Returns: the list as it is then.
    /// - Throws: `SessionsError` with `busy` where others change it without end.
    @discardableResult
    private func changeNodes(
        _ known: StoreRoot? = nil, _ change: (inout NodeList) -> Void
    ) async throws -> NodeList {
        let key = try names.nodes
        let root: StoreRoot
        if let known { root = known } else { root = try await self.root() }
        for _ in 0..<Self.attempts {
            let found = try await fetch(key)
            let old = try found.map { try NodeList($0.bytes) } ?? NodeList(lost: root.lease.map { _ in time.wall() })
            var new = old
            new.lease = max(new.lease, root.lease ?? .zero)
            change(&new)
            if let found {
                if new == old { return new }
                if try await put(new.packed, at: key, over: found, life: .endless) { return new }
            } else if try await add(new.packed, at: key, life: .endless) {
                return new
            }
        }
        throw isBusy
    }
}

extension NodeList {
    /// The names, as reports have them.
    var nodes: [String] { names.map { String(decoding: $0, as: UTF8.self) } }
}
