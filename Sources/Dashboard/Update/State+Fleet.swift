internal import Sessions

extension State {
    mutating func take(_ reports: [NodeReport]) {
        guard !polling.isPaused else { return }
        fleet.nodes = reports.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
        fleet.readAt = now.wall
        fleet.settleCursor()
    }

    mutating func take(_ samples: [CounterSample]) {
        guard !polling.isPaused else { return }
        fleet.add(samples, at: now.wall)
    }
}

extension State {
    /// The moment that nodes are judged at: what they had told by the time that they were last asked after.
    ///
    /// While nobody asks, or no answer comes, a node's silence says nothing of the node.
    var nodesMoment: Timestamp { fleet.readAt ?? now.wall }
}

extension Fleet {
    /// Live nodes take samples more often than this.
    private static let sampleInterval = Duration.seconds(10)

    /// Since when samples are to be asked for, so that none of a live node is missed.
    ///
    /// Samples bear their nodes' clocks, and no two agree: the live node whose newest sample is the oldest decides. What
    /// comes again is dropped by ``add(_:at:)``. A node that has fallen silent holds nothing back;
    /// where all have, the newest of all decides.
    ///
    /// - Parameter now: by this machine's clock.
    /// - Returns: a quarter of an hour ago at the earliest.
    func samplesSince(at now: Timestamp) -> Timestamp {
        let oldest = now - RateWindow.quarter.duration
        guard let readAt, !samples.isEmpty else { return oldest }
        let newest = nodes.filter { $0.isAlive(at: readAt) }.map { node in
            samples[node.id]?.last?.at ?? node.heartbeat - Self.sampleInterval
        }
        return max(newest.min() ?? samples.values.compactMap(\.last?.at).max() ?? oldest, oldest)
    }

    /// The place of the node under the cursor.
    public var cursorPlace: Int { nodes.firstIndex { $0.id == cursor } ?? 0 }

    mutating func moveCursor(to place: Int) { cursor = nodes.indices.contains(place) ? nodes[place].id : nil }

    /// The cursor stays on its node; where that is gone, on the next by name.
    mutating func settleCursor() {
        guard !nodes.contains(where: { $0.id == cursor }) else { return }
        let name = cursor ?? ""
        let next = nodes.first { !$0.id.utf8.lexicographicallyPrecedes(name.utf8) } ?? nodes.last
        cursor = next?.id
    }

    /// Keeps new samples, each node's in the order of time, a quarter of an hour and one sample more of each.
    mutating func add(_ new: [CounterSample], at now: Timestamp) {
        for sample in new {
            guard samples[sample.node] != nil || samples.count < Self.nodeLimit else { continue }
            guard samples[sample.node]?.last.map({ $0.at < sample.at }) ?? true else { continue }
            samples[sample.node, default: []].append(sample)
        }
        let oldest = now - RateWindow.quarter.duration
        for (node, history) in samples {
            // The last one before the window is its beginning.
            let start = (history.firstIndex { $0.at >= oldest } ?? history.count) - 1
            let first = max(start, history.count - Self.sampleLimit)
            if first > 0 { samples[node] = Array(history[first...]) }
            if let last = history.last, last.at < oldest - RateWindow.quarter.duration { samples[node] = nil }
        }
    }
}

extension RateWindow {
    /// The next longer one; after the longest the shortest.
    var next: RateWindow {
        switch self {
        case .tenSeconds: .minute
        case .minute: .quarter
        case .quarter: .tenSeconds
        }
    }
}
