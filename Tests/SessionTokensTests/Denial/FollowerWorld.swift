import SessionTesting

@testable import SessionTokens
@testable import Sessions

/// The rules of a follower: those that ship, or with one of them broken.
enum FollowerRules: String, CaseIterable, Sendable {
    case shipping = "the rules that ship"
    case ignoreLease = "call a token valid without the lease"
    case leaseFromEnd = "count the lease from the poll's end"
    case trustAtStart = "trust before the feed is read back"
    case forgetTooSoon = "forget a denial before the token dies"
    case publishBeforeApplying = "say what was applied before it is"
    case trustPositions = "take another entry for the one that was applied there"
    case neverDenied = "no token is refused after the revoke"
}

/// What is revoked.
enum FollowerTarget: String, CaseIterable, Sendable {
    case token, session, cutoff
}

/// One token, one follower, one revoker, a store's feed and a clock, in every order.
///
/// Violated where the follower calls the token valid although its revoke is effective and it hasn't died by itself.
struct FollowerWorld: Explorable {
    struct Budget: Sendable {
        var reads: Int
        var ticks: Int
        var restarts = 0
        var purges = 0
        /// How often the store fails over and loses its last entry, which the revoke then takes the position of.
        var failovers = 0
    }

    /// What the follower is doing.
    enum Doing {
        case idle
        /// It has told the store of itself, and may read.
        case registered
        case read(started: Int, Answer)
    }

    enum Answer {
        case cutoffs([Cutoff], FeedPosition)
        case past(FeedPage)
        case page(FeedPage)
    }

    static let lease = 2
    /// The token's life in ticks, from tick 0; an entry matters as long.
    static let life = 4
    static let denial = TokenDenial(issuer: "i", tokenID: "j")
    static let session = IDHash(hashing: [1])
    /// What a failover loses.
    static let lost = FeedEntry(position: FeedPosition(2), event: .revoked(IDHash(hashing: [3])), at: wall(0))
    static let marks = TokenMarks(denial: denial, session: session, epoch: FeedPosition(1), user: "alice")

    let rules: FollowerRules
    let target: FollowerTarget
    var left: Budget
    var now = 0
    var ledger: RevocationLedger
    var doing = Doing.idle
    var process = 0
    /// What the store knows of the follower: of which process, and how far that has applied the feed.
    var report: (process: Int, applied: FeedPosition)?
    /// One entry of before the token was issued.
    var feed = [FeedEntry(position: FeedPosition(1), event: .revoked(IDHash(hashing: [2])), at: FollowerWorld.wall(0))]
    var feedStart = FeedPosition.start
    var durable: Int?
    /// The process that the revoker waits for; outer `nil`: it hasn't looked yet.
    var awaited: Int??
    var hasFailedOver = false

    init(_ target: FollowerTarget, _ budget: Budget, rules: FollowerRules) {
        self.rules = rules
        self.target = target
        left = budget
        ledger = Self.newLedger(rules)
        if budget.failovers > 0 { feed.append(Self.lost) }
    }

    private static func newLedger(_ rules: FollowerRules) -> RevocationLedger {
        let life = rules == .forgetTooSoon ? 1 : life
        return RevocationLedger(.init(lease: .seconds(lease), life: .seconds(life), parts: 1))
    }

    private static let beginning = MonotonicInstant.now
    static func instant(_ tick: Int) -> MonotonicInstant { beginning + .seconds(tick) }
    static func tick(_ instant: MonotonicInstant) -> Int { Int((instant - beginning).components.seconds) }
    static func wall(_ tick: Int) -> Timestamp { Timestamp(milliseconds: 1_800_000_000_000 + Int64(tick) * 1000) }

    private var end: FeedPosition { feed.last?.position ?? feedStart }
    private var verdict: TokenVerdict { ledger.verdict(on: Self.marks, at: Self.instant(now)) }

    /// No verifier may accept the token any more, by what the revoker knows.
    var isEffective: Bool {
        guard let durable, let awaited else { return false }
        guard let awaited else { return true }
        if now > durable + Self.lease { return true }
        // Until the follower polls again, what it has reported is of the lost past: only the time counts.
        guard !hasFailedOver else { return false }
        return report.map { $0.process == awaited && $0.applied > FeedPosition(1) } ?? false
    }

    var violation: Bool {
        guard isEffective, now < Self.life else { return false }
        switch verdict {
        case .valid: return true
        case .denied: return rules == .neverDenied
        case .cannotTell: return rules == .ignoreLease
        }
    }

    // MARK: Steps

    var successors: [FollowerWorld] {
        var worlds: [FollowerWorld] = []
        func may(_ condition: Bool, _ step: (inout FollowerWorld) -> Void) {
            guard condition else { return }
            var world = self
            step(&world)
            worlds.append(world)
        }
        may(durable == nil && left.failovers == 0) { $0.revoke() }
        may(durable != nil && awaited == nil) { $0.awaited = .some($0.report?.process) }
        may(left.ticks > 0) {
            $0.left.ticks -= 1
            $0.now += 1
        }
        may(left.restarts > 0) {
            $0.left.restarts -= 1
            $0.process += 1
            $0.ledger = Self.newLedger(rules)
            $0.doing = .idle
        }
        may(left.purges > 0) { $0.purge() }
        may(left.failovers > 0) {
            $0.left.failovers -= 1
            $0.hasFailedOver = true
            $0.feed.removeLast()
        }
        goOn(into: &worlds)
        return worlds
    }

    private mutating func revoke() {
        let position = FeedPosition(2)
        let event: FeedEntry.Event =
            switch target {
            case .token: .denied(Self.denial)
            case .session: .revoked(Self.session)
            case .cutoff:
                .cutoff(Cutoff(scope: .user("alice"), notBefore: Self.wall(now), epoch: position))
            }
        feed.append(FeedEntry(position: position, event: event, at: Self.wall(now)))
        durable = now
    }

    private mutating func purge() {
        left.purges -= 1
        let old = feed.prefix { $0.at < Self.wall(now - Self.life) }
        feedStart = old.last?.position ?? feedStart
        feed.removeFirst(old.count)
    }

    /// Whatever the follower may do next.
    private func goOn(into worlds: inout [FollowerWorld]) {
        var world = self
        switch doing {
        case .idle:
            // Without a lease it tells the store of itself before it reads.
            if !ledger.holdsLease(at: Self.instant(now)) { world.report = (process, ledger.applied ?? .start) }
            world.doing = .registered
        case .registered:
            guard left.reads > 0 else { return }
            world.left.reads -= 1
            world.doing = .read(started: now, answer())
        case .read(let started, let answer):
            world.take(answer, started: rules == .leaseFromEnd ? now : started)
        }
        worlds.append(world)
    }

    private func page(after position: FeedPosition, limit: Int) -> FeedPage {
        let entries = feed.filter { $0.position > position }.prefix(limit)
        return FeedPage(entries: Array(entries), end: end, start: feedStart)
    }

    private func answer() -> Answer {
        switch ledger.next {
        case .reload:
            let cutoffs = feed.compactMap { entry -> Cutoff? in
                if case .cutoff(let cutoff) = entry.event { cutoff } else { nil }
            }
            return .cutoffs(cutoffs, end)
        // One new entry at most, so that to read on takes more reads.
        case .readBack(let request): return .past(page(after: request.after, limit: min(request.limit, 1)))
        case .poll(let position):
            let after = rules == .trustPositions ? ledger.applied ?? position : position
            return .page(page(after: after, limit: 2))
        }
    }

    private mutating func take(_ answer: Answer, started: Int) {
        let (began, instant, wall) = (Self.instant(started), Self.instant(now), Self.wall(now))
        switch answer {
        case .cutoffs(let cutoffs, let position):
            let since = rules == .trustAtStart ? Self.wall(now + 100) : wall
            ledger.reload(cutoffs, position: position, started: began, at: instant, wall: since)
            doing = .registered
        case .past(let page):
            ledger.takePast(page, at: instant, wall: wall)
            doing = .registered
        case .page(let page):
            if rules == .publishBeforeApplying, report?.applied != page.end {
                report = (process, page.end)
                doing = .read(started: started, answer)
                return
            }
            let hasMore = ledger.take(page, started: began, at: instant, wall: wall)
            ledger.forget(at: instant)
            if rules != .publishBeforeApplying { report = (process, ledger.applied ?? .start) }
            doing = hasMore ? .registered : .idle
        }
    }
}
