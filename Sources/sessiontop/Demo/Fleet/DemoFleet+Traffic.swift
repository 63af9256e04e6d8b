import Sessions
import Synchronization

/// The clients' requests, one by one.
extension DemoFleet {
    /// How often requests that are due are sent.
    static let slice = Duration.milliseconds(5)
    /// The most requests without an answer; beyond it, what is due is left out.
    static let mostInFlight = 512
    /// An account is stolen about so often.
    static let timeBetweenThefts = Duration.seconds(45)

    /// Sends requests at the rate, for some time or until the task is cancelled, and waits for their answers.
    func sendRequests(for duration: Duration?) async {
        let start = time.monotonic()
        await withDiscardingTaskGroup { group in
            var pacer = Pacer(rate: Double(options.rate), start: start)
            while await pause(for: Self.slice) {
                let now = time.monotonic()
                if let duration, now - start >= duration { return }
                for errand in due(&pacer, at: now) { group.addTask { await self.run(errand) } }
            }
        }
    }

    /// Lets accounts be stolen now and then.
    func keepStealingAccounts() async {
        while await pause(for: state.withLock { $0.crowd.timeToTheft(mean: Self.timeBetweenThefts) }) {
            let now = time.monotonic()
            state.withLock { $0.crowd.steal(at: now) }
        }
    }

    private func due(_ pacer: inout Pacer, at now: MonotonicInstant) -> [Crowd.Errand] {
        state.withLock { state in
            var errands: [Crowd.Errand] = []
            for _ in 0..<pacer.due(at: now, using: &state.generator) where state.tally.inFlight < Self.mostInFlight {
                guard let errand = state.crowd.next(at: now) else { continue }
                state.tally.inFlight += 1
                errands.append(errand)
            }
            return errands
        }
    }

    /// One request from its start to its answer, and what the client makes of it.
    private func run(_ errand: Crowd.Errand) async {
        let start = time.monotonic()
        var answer = await attempt(errand)
        // As a balancer does where a connection breaks: once more, elsewhere.
        if answer == .failed, !Task.isCancelled { answer = await attempt(errand) }
        let now = time.monotonic()
        let wasWithdrawn = answer == .failed && Task.isCancelled
        state.withLock { [answer] state in
            state.crowd.settle(errand, answer, at: now)
            state.tally.inFlight -= 1
            if !wasWithdrawn { state.tally.count(answer, duration: now - start) }
        }
    }

    private func attempt(_ errand: Crowd.Errand) async -> Client.Answer {
        let id = errand.cookie.flatMap { SessionID(text: $0.secretText) }
        guard let node = state.withLock({ $0.balancer.node(for: id?.hash) }) else { return .failed }
        let visit = Visit(node: node, id: id, request: RequestInfo(ip: errand.address, agent: errand.agent))
        do {
            switch errand.move {
            case .arrive: return try await arrive(visit)
            case .signIn: return try await signIn(visit, user: errand.user ?? "")
            case .view: return await view(visit)
            case .addToCart(let item): return try await change(visit) { $0.add(item) }
            case .checkOut: return try await change(visit) { $0.items = [] }
            case .signOut: return try await signOut(visit)
            }
        } catch {
            return .failed
        }
    }
}
