public import Sessions

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
    /// Every five seconds it becomes a sample, too.
    public func publish(_ report: NodeReport) async throws {
        try requireWritable()
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
                guard try await put(item.packed, at: key, over: found, life: life) else { continue }
            } else {
                guard try await add(item.packed, at: key, life: life) else { continue }
            }
            // Behind a new item the list is written even where the name is in it: see ``removeNodes(_:)``.
            return try await changeNodes(evenIfSame: found == nil) { $0.insert(Array(report.id.utf8)) }
        }
        throw isBusy
    }

    /// What every node has published, whether it is still alive or not.
    public func nodes() async throws -> [NodeReport] {
        try await nodeItems().map { try NodeReport(id: $0.name, $0.item.report) }
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
                    try await self.fetch(try self.names.sample(name, number))?.bytes
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
        guard let found = try await fetch(try names.nodes) else { return [] }
        let names = try NodeList(found.bytes).names.map { String(decoding: $0, as: UTF8.self) }
        let items = try await forEach(names) { name in try await self.fetch(try self.names.node(name))?.bytes }
        return try zip(names, items).compactMap { name, bytes in try bytes.map { (name, try NodeItem($0)) } }
    }

    /// Forgets nodes whose last report is still the one that was found.
    func removeNodes(_ silent: [NodeReport]) async throws {
        for report in silent {
            let key = try names.node(report.id)
            guard let found = try await fetch(key) else { continue }
            let last = try NodeReport(id: report.id, try NodeItem(found.bytes).report)
            guard last.started == report.started, last.heartbeat == report.heartbeat else { continue }
            try await remove(key, found)
        }
        guard !silent.isEmpty else { return }
        // One that comes back adds its item, and then writes the list: either the item is seen here, or the list isn't as
        // it was read any more.
        try await changeNodes { listed in
            for report in silent where listed.contains(Array(report.id.utf8)) {
                let item = try await self.fetch(try self.names.node(report.id))
                if item == nil { listed.remove(Array(report.id.utf8)) }
            }
        }
    }

    private func changeNodes(
        evenIfSame isForced: Bool = false, _ change: (inout Set<[UInt8]>) async throws -> Void
    ) async throws {
        let key = try names.nodes
        for _ in 0..<Self.attempts {
            let found = try await fetch(key)
            let old = try found.map { try NodeList($0.bytes) } ?? NodeList()
            var names = Set(old.names)
            try await change(&names)
            var new = NodeList()
            new.names = names.sorted { $0.lexicographicallyPrecedes($1) }
            if let found {
                if new == old, !isForced { return }
                if try await put(new.packed, at: key, over: found, life: .endless) { return }
            } else if try await add(new.packed, at: key, life: .endless) {
                return
            }
        }
        throw isBusy
    }
}
