extension SessionStore {
    /// What every node has published, for whoever waits until each has applied the feed up to a position.
    ///
    /// A failover may lose the feed's last entries. Until its next poll a node counts by positions of the past that is
    /// gone, where others stand now. So whoever says that it has applied so much must name the entry that it applied
    /// last, and must have it from this past: else it is taken for one that has applied nothing.
    ///
    /// There may be nodes then that only the lost past had registered. For them a report is added that belongs to nobody,
    /// with the longest lease of all. The same is done where the store can lose nodes, and may have, as
    /// ``leaseOfLostNodes(beside:)`` tells.
    ///
    /// - Parameter position: the feed's position after a commit. Reports of less are not looked at.
    /// - Returns: the reports; where nobody claims to have applied so much, and no node is lost, as ``nodes()`` answers them.
    /// - Throws: ``SessionsError`` with `unavailable` or `busy`.
    public func checkedNodes(upTo position: FeedPosition) async throws -> [NodeReport] {
        var reports = try await nodes()
        // After the reports: one that comes in between is one too many to wait for, never one too few.
        let lostLease = try await leaseOfLostNodes(beside: reports)
        var pages: [FeedPosition: FeedPage] = [:]
        var hasLostPast = false
        for index in reports.indices {
            guard let applied = reports[index].claim(of: position) else { continue }
            if pages[applied] == nil { pages[applied] = try await feed(after: applied.previous, limit: 1) }
            guard let page = pages[applied], !page.confirms(reports[index].counters[.feedMark], at: applied)
            else { continue }
            reports[index].applied = .start
            hasLostPast = true
        }
        if hasLostPast {
            reports.append(.ofUnknown("nodes of a lost past", lease: reports.compactMap(\.lease).max() ?? .zero))
        }
        if let lostLease { reports.append(.ofUnknown("nodes that the store has lost", lease: lostLease)) }
        return reports
    }
}

extension SessionDirectory where Self: SessionStore {
    /// The same as ``SessionStore/checkedNodes(upTo:)``.
    ///
    /// - Parameter position: the feed's position after a commit.
    /// - Returns: the reports.
    /// - Throws: ``SessionsError`` with `unavailable` or `busy`.
    public func nodes(checkedUpTo position: FeedPosition) async throws -> [NodeReport] {
        try await checkedNodes(upTo: position)
    }
}

extension FeedPage {
    /// Whether the entry at a position is the one that a node has applied, by a page that begins just before it.
    ///
    /// One that is kept no more is older than any lease: nothing speaks against it.
    fileprivate func confirms(_ mark: Int64, at position: FeedPosition) -> Bool {
        guard position <= end else { return false }
        return position <= start || entry(at: position)?.mark == mark
    }
}

extension NodeReport {
    /// How far it says that it has applied the feed, where that is at least as far as a position and matters.
    fileprivate func claim(of position: FeedPosition) -> FeedPosition? {
        guard status != .stopped, position > .start, let applied, applied >= position else { return nil }
        return applied
    }

    /// Stands for nodes that nobody knows of any more.
    fileprivate static func ofUnknown(_ id: String, lease: Duration) -> NodeReport {
        let never = Timestamp(milliseconds: 0)
        return NodeReport(id: id, started: never, heartbeat: never, applied: .start, lease: lease)
    }
}
