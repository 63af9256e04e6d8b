public import Sessions

/// Looking at one session, at a user's, at nodes.
extension BalancedSessions {
    /// One session as its store has it, and where the balancer sends it; or what the balancer alone knows of it.
    public func detail(_ id: IDHash) async throws -> SessionDetail? {
        let bound = PinIndex(try await balancer.snapshot()).row(id)
        let pinned = try await bound == nil ? nil : balancer.detail(bound?.id ?? id)
        guard var detail = try await store.detail(id) else {
            guard var alone = pinned else { return nil }
            alone.row.pin = Pin(node: alone.row.node, hasSession: false)
            alone.row.node = nil
            alone.location.append(("disagreement", PinTrouble.unknown.words(alone.row)))
            return alone
        }
        detail.row.pin = pinned.map { Pin(node: $0.row.node, hasSession: true) }
        detail.location.append(("pinned to", detail.row.pin.map { $0.node ?? "no server" } ?? "nowhere"))
        detail.location += (pinned?.location ?? []).map { ("balancer's \($0.name)", $0.value) }
        if let trouble = detail.row.pinTrouble(at: balancer.time.wall()) {
            detail.location.append(("disagreement", trouble.words(detail.row)))
        }
        return detail
    }

    /// The store's sessions whose handle begins so, and the balancer's.
    public func find(_ prefix: HandlePrefix, limit: Int) async throws -> [IDHash] {
        let known = try await store.find(prefix, limit: limit)
        let bound = try await balancer.find(prefix, limit: limit)
        return Array(Set(known + bound).sorted().prefix(limit))
    }

    /// The store's answer.
    public func sessions(ofUser user: String, at now: Timestamp) async throws -> [IDHash] {
        try await store.sessions(ofUser: user, at: now)
    }

    /// The store's counts.
    public func statistics(at now: Timestamp) async throws -> StoreStatistics { try await store.statistics(at: now) }

    /// The balancer's servers, each with what the node of its name has published, and nodes that no server stands for.
    public func nodes() async throws -> [NodeReport] { try await reports { try await $0.nodes() } }

    /// The same, where the store has looked of which past of it each node's position is.
    public func nodes(checkedUpTo position: FeedPosition) async throws -> [NodeReport] {
        try await reports { try await $0.nodes(checkedUpTo: position) }
    }

    private func reports(
        publishedIn read: (any SessionDirectory) async throws -> [NodeReport]
    ) async throws -> [NodeReport] {
        let servers = try await balancer.nodes()
        let published = store.capabilities.nodes.isPossible ? try await read(store) : []
        let joined = servers.map { server in
            guard let own = published.first(where: { $0.isNode(of: server) }) else { return server }
            var report = own
            report.id = server.id
            report.server = server.server
            // Who is taken out or fails its checks gets no requests, whatever it says of itself.
            if own.status != .stopped, server.status != .up { report.status = server.status }
            return report
        }
        return joined + published.filter { own in !servers.contains { own.isNode(of: $0) } }
    }

    /// The nodes' own.
    public func samples(since moment: Timestamp) async throws -> [CounterSample] {
        try await store.samples(since: moment)
    }

    /// The store's.
    public func gaps() async -> [String] { await store.gaps() }

    /// The store's.
    public func audit(after number: Int64, limit: Int) async throws -> [AuditEntry] {
        try await store.audit(after: number, limit: limit)
    }

    /// The store's.
    public func auditOutcomes(
        of number: Int64, after place: Int64?, limit: Int
    ) async throws -> AuditOutcomePage? {
        try await store.auditOutcomes(of: number, after: place, limit: limit)
    }
}

extension NodeReport {
    /// Whether it is what a node says that a balancer's server is.
    fileprivate func isNode(of server: NodeReport) -> Bool {
        id.utf8.elementsEqual((server.server?.name ?? server.id).utf8)
    }
}

extension PinTrouble {
    /// What is wrong, in words.
    func words(_ row: SessionRow) -> String {
        switch self {
        case .elsewhere: "last served by \(row.node ?? "?"), and now sent to \(row.pin?.node ?? "?")"
        case .ended: "it has ended, and the balancer still sends its client to \(row.pin?.node ?? "?")"
        case .unknown: "the store knows no such session"
        }
    }
}
