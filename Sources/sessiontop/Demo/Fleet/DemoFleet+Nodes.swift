import Sessions
import Synchronization

/// The life and death of nodes, and what a service does in the background.
extension DemoFleet {
    /// A node that died is down for so long.
    static let downtime = Duration.seconds(15)
    /// The first node dies after this time.
    static let firstDeath = Duration.seconds(40)
    /// Then one dies each time that this has passed.
    static let timeBetweenDeaths = Duration.seconds(60)
    /// How often the audit looks: it learns that a revoke is over so late at most.
    static let auditInterval = Duration.milliseconds(20)

    /// Runs processes under one name, one after the other, until the task is cancelled.
    func keepAlive(_ name: String) async {
        while !Task.isCancelled {
            let node = ServiceNode(
                id: name, store: store, policy: options.policy, sealer: sealer, cache: cache, time: time)
            state.withLock { state in
                node.setAffinity(state.balancer.fleet)
                state.balancer.add(node)
            }
            // It returns in good order when the task is cancelled, and without a word when the node dies.
            try? await node.run()
            state.withLock { $0.balancer.remove(node) }
            await pause(for: Self.downtime)
        }
    }

    /// Lets fail what the rehearsal says; without one, a node dies now and then.
    func keepFailing() async {
        switch options.rehearsal {
        case .l2: await keepCutting(outages.cache)
        case .database: await keepCutting(outages.store)
        case .node: await keepKillingNodes(first: Rehearsal.calm, then: Rehearsal.calm + Self.downtime)
        case nil: await keepKillingNodes(first: Self.firstDeath, then: Self.timeBetweenDeaths)
        }
    }

    private func keepKillingNodes(first: Duration, then next: Duration) async {
        guard options.nodes > 1 else { return }
        var wait = first
        while await pause(for: wait) {
            killNode()
            wait = next
        }
    }

    /// Whatever is cut off is there again at the end, so that the nodes stop in good order.
    private func keepCutting(_ outage: Outage) async {
        while await pause(for: Rehearsal.calm) {
            outage.set(true)
            await pause(for: Rehearsal.length)
            outage.set(false)
        }
    }

    /// Lets one node die without a word: what it held in memory is lost.
    func killNode() {
        let victim = state.withLock { state -> ServiceNode? in
            guard let victim = state.balancer.nodes.randomElement(using: &state.generator) else { return nil }
            state.balancer.remove(victim)
            return victim
        }
        victim?.abandon()
    }

    /// Tells the audit what the store says, until the task is cancelled.
    func keepAuditing() async {
        while await pause(for: Self.auditInterval) {
            while await audit() {}
        }
    }

    /// Looks once; whether there is more to read at once.
    private func audit() async -> Bool {
        let (position, limit) = (state.withLock { $0.audit.position }, 1000)
        // While the store gives no answer there is nothing to judge by; the next look makes up for it.
        guard let nodes = try? await store.nodes(), let page = try? await store.feed(after: position, limit: limit)
        else { return false }
        let (now, wall) = (time.monotonic(), time.wall())
        state.withLock { $0.audit.look(nodes, page, at: now, wall: wall) }
        return page.entries.count == limit
    }
}
