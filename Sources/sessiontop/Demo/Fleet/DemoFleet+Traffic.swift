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
                let (errands, apps) = due(&pacer, at: now)
                for errand in errands { group.addTask { await self.run(errand) } }
                for errand in apps { group.addTask { await self.run(errand) } }
            }
        }
    }

    /// Lets accounts be stolen now and then.
    func keepStealingAccounts() async {
        while await pause(for: state.withLock { $0.crowd.timeToTheft(mean: Self.timeBetweenThefts) }) {
            let now = time.monotonic()
            state.withLock { state in
                state.crowd.steal(at: now)
                state.apps.steal()
            }
        }
    }

    private func due(
        _ pacer: inout Pacer, at now: MonotonicInstant
    ) -> (browsers: [Crowd.Errand], apps: [AppCrowd.Errand]) {
        let wall = time.wall()
        return state.withLock { state in
            var due: (browsers: [Crowd.Errand], apps: [AppCrowd.Errand]) = ([], [])
            for _ in 0..<pacer.due(at: now, using: &state.generator) where state.tally.inFlight < Self.mostInFlight {
                if state.generator.chance(AppCrowd.share), let errand = state.apps.next(at: wall) {
                    due.apps.append(errand)
                } else if let errand = state.crowd.next(at: now) {
                    due.browsers.append(errand)
                } else {
                    continue
                }
                state.tally.inFlight += 1
            }
            return due
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
