/// Cut-offs, the feed that tells of them and of revokes, and what the nodes publish.
extension MemoryState {
    /// Adds the feed's next entry, told no earlier than the one before it.
    mutating func appendToFeed(_ event: FeedEntry.Event, at moment: Timestamp) {
        feedEnd.value += 1
        let told = feed.last.map { max($0.at, moment) } ?? moment
        feed.append(FeedEntry(position: feedEnd, event: event, at: told))
        trimFeed()
    }

    /// Sets a cut-off.
    ///
    /// Every session under it is marked as revoked, the oldest first: also what a deadline had ended before. So each
    /// says itself which cut-off ended it, and of a scope only the latest need be kept.
    mutating func cutOff(_ scope: CutoffScope, _ revocation: Revocation) -> Cutoff {
        let covered = records.values.filter { $0.session.state == .live && scope.covers($0.session) }
        for record in covered.sorted(by: { $0.place < $1.place }) {
            var ended = record
            ended.session.state = .revoked
            ended.session.revocation = revocation
            ended.change = nextChange()
            records[record.session.id] = ended
        }
        if !covered.isEmpty { refusal = nil }
        let cutoff = Cutoff(scope: scope, notBefore: revocation.at, epoch: FeedPosition(feedEnd.value + 1))
        appendToFeed(.cutoff(cutoff), at: revocation.at)
        cutoffs.insert(cutoff)
        return cutoff
    }

    /// Tells of tokens that are denied.
    mutating func deny(_ denials: [TokenDenial], at moment: Timestamp) {
        for denial in denials { appendToFeed(.denied(denial), at: moment) }
    }

    /// The live sessions within a scope, the oldest first.
    func live(coveredBy scope: CutoffScope, at now: Timestamp) -> [Session] {
        records.values.filter { scope.covers($0.session) && standing(of: $0.session, at: now) == .live }
            .sorted { $0.place < $1.place }.map(\.session)
    }

    func feedPage(after position: FeedPosition, limit: Int) -> FeedPage {
        let behind = feed.partitioningIndex { $0.position > position }
        return FeedPage(
            entries: Array(feed[behind...].prefix(max(0, limit))), end: feedEnd, start: feedStart,
            generation: generation)
    }

    mutating func beginGeneration(after known: UInt64, at now: Timestamp) -> UInt64 {
        if generation <= known { generation = .generation(after: known, at: now) }
        return generation
    }
}

extension MemoryState {
    /// A sample is taken when the last one of the node is so old, a little less than five heartbeats.
    private static let sampleInterval = Duration.milliseconds(4500)
    /// How long samples are kept.
    private static let samplesKept = Duration.seconds(20 * 60)

    /// A report; where it is of the node whose memory this is, with what the memory itself counts.
    func withMemory(_ report: NodeReport) -> NodeReport {
        guard let owner, owner.hasBytes(of: report.id) else { return report }
        var report = report
        let isGone = report.status == .stopped
        let live = isGone ? 0 : liveCount(at: report.heartbeat)
        report.counters[.memorySessions] = Int64(live)
        report.counters[.memoryBytes] = isGone ? 0 : Int64(byteCount)
        report.counters[.memoryEvicted] = tally.evicted
        report.counters[.memoryRefused] = tally.refused
        report.counters[.memoryHandedOver] = tally.handedOver
        report.counters[.memoryUnanswered] = tally.unanswered
        report.counters[.memoryAdopted] = tally.adopted
        return report
    }

    /// How many sessions are live.
    func liveCount(at now: Timestamp) -> Int {
        records.values.count { standing(of: $0.session, at: now) == .live }
    }

    var nodeReports: [NodeReport] { nodes.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value) }

    mutating func publish(_ report: NodeReport) {
        nodes[Array(report.id.utf8)] = report
        samples.removeAll { $0.at < report.heartbeat - Self.samplesKept }
        let isCovered = samples.contains {
            $0.node == report.id && $0.started == report.started && $0.at > report.heartbeat - Self.sampleInterval
        }
        guard !isCovered else { return }
        let sample = CounterSample(
            node: report.id, started: report.started, at: report.heartbeat, counters: report.counters)
        samples.insert(sample, at: samples.partitioningIndex { $0.at > sample.at })
    }
}

extension Array {
    /// The first index whose element, and every later one, satisfies a condition.
    func partitioningIndex(where isBehind: (Element) -> Bool) -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
