extension Filter {
    /// Whether a row belongs to what the filter asks for: it matches, and it is live unless the filter mentions states.
    ///
    /// - Parameters:
    ///   - row: the session.
    ///   - now: the moment that time left, idle time and age are counted from.
    ///   - layout: the layout of the row's store.
    /// - Returns: whether it does.
    public func includes(_ row: SessionRow, at now: Timestamp, layout: String = "native") -> Bool {
        (mentionsState || row.standing(at: now) == .live)
            && expression.holds { $0.matches(row, at: now, layout: layout) }
    }

    /// Whether a row matches, live or not.
    package func matches(_ row: SessionRow, at now: Timestamp, layout: String) -> Bool {
        expression.holds { $0.matches(row, at: now, layout: layout) }
    }
}

extension FilterTerm {
    func matches(_ row: SessionRow, at now: Timestamp, layout: String) -> Bool {
        switch self {
        case .word(let pattern):
            pattern.matches(row.id.handle) || pattern.matches(row.user) || pattern.matches(row.ip)
                || pattern.matches(row.agent)
        case .user(let pattern): pattern.matches(row.user)
        case .node(let pattern): pattern.matches(row.node)
        case .agent(let pattern): pattern.matches(row.agent)
        case .layout(let pattern): pattern.matches(layout)
        case .id(let prefix): prefix.matches(row.id)
        case .ip(let network): row.ip.flatMap { IPAddress($0) }.map(network.contains) ?? false
        case .state(let state): state.map { $0 == row.standing(at: now) } ?? true
        case .measure(let measure, let comparison, let limit):
            measure.value(of: row, at: now).map { comparison.holds($0, limit) } ?? false
        case .has(let knowledge): knowledge.isKnown(of: row)
        }
    }
}

extension FilterMeasure {
    /// The quantity of a row in milliseconds or bytes; `nil`: unknown.
    func value(of row: SessionRow, at now: Timestamp) -> Int64? {
        switch self {
        case .ttl: Self.timeLeft(to: row.deadlines.nearest?.moment.milliseconds, at: now)
        case .idle: row.seen.map { (now - $0).wholeMilliseconds }
        case .age: row.created.map { (now - $0).wholeMilliseconds }
        case .size: row.byteCount.map(Int64.init)
        }
    }

    /// The time left to a deadline in milliseconds: none once it has come, without end where there is none.
    @inline(__always)
    package static func timeLeft(to deadline: Int64?, at now: Timestamp) -> Int64 {
        guard let deadline else { return .max }
        return max(0, deadline.subtractingReportingOverflow(now.milliseconds).partialValue)
    }
}

extension FilterKnowledge {
    func isKnown(of row: SessionRow) -> Bool {
        switch self {
        case .expiry: row.deadlines.nearest != nil
        case .user: row.user != nil
        case .ip: row.ip != nil
        case .agent: row.agent != nil
        case .node: row.node != nil
        case .size: row.byteCount != nil
        case .seen: row.seen != nil
        case .created: row.created != nil
        }
    }
}
