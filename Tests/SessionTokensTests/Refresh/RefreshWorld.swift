import SessionTesting

@testable import SessionTokens
@testable import Sessions

/// The rules of an exchange: those that ship, or with one of them broken.
enum RefreshRules: String, CaseIterable, Sendable {
    case shipping = "the rules that ship"
    case blindSave = "save without looking at the version"
    case reviveOnSave = "save although the family has ended"
    case freshSuccessor = "answer again with another successor"
    case noGrace = "no grace"
    case endlessGrace = "a grace without end"
    case neverEnded = "no family is ended"
}

/// One family in a store, tabs of one browser, a thief who has a copy of its first token, and a clock, in every order.
///
/// Each look at the store and each write is a step of its own. A tick is as long as the grace.
struct RefreshWorld: Explorable {
    struct Actor {
        enum Doing {
            case idle
            case looked(FamilyRecord, version: Int, at: Int)
            case saving(FamilyRecord, version: Int, at: Int, RefreshToken)
            case ending
        }

        let isThief: Bool
        var left: Int
        /// What it presents; the tabs share what the browser stores.
        var token: RefreshToken
        var doing = Doing.idle
        var tries = 0
    }

    static let grace = Duration.seconds(10)

    let rules: RefreshRules
    let hasThief: Bool
    var ticks: Int
    var now = 0
    var record: FamilyRecord
    var version = 1
    var isLive = true
    var stored: RefreshToken
    var actors: [Actor]
    /// The tokens given out, by number.
    var given: [IDHash]
    /// When each was exchanged.
    var exchanged: [Int] = []
    var violation = false

    init(tabs: Int, uses: Int, thief: Int, ticks: Int, rules: RefreshRules) {
        let first = RefreshToken()
        self.rules = rules
        self.ticks = ticks
        hasThief = thief > 0
        stored = first
        record = FamilyRecord(first: first, use: Self.use(0))
        given = [first.hash]
        actors = (0..<tabs).map { _ in Actor(isThief: false, left: uses, token: first) }
        if thief > 0 { actors.append(Actor(isThief: true, left: thief, token: first)) }
    }

    private static func use(_ tick: Int) -> RefreshUse {
        RefreshUse(RequestInfo(), at: Timestamp(milliseconds: 1_800_000_000_000) + grace * tick)
    }

    var successors: [RefreshWorld] {
        var worlds: [RefreshWorld] = []
        func may(_ condition: Bool, _ step: (inout RefreshWorld) -> Void) {
            guard condition else { return }
            var world = self
            step(&world)
            worlds.append(world)
        }
        for index in actors.indices {
            may(!actors[index].isIdle || (actors[index].left > 0 && isLive)) { $0.goOn(index) }
        }
        // Without a thief no request takes longer than the grace: that is what the grace is for.
        may(ticks > 0 && (hasThief || actors.allSatisfy(\.isIdle))) {
            $0.ticks -= 1
            $0.now += 1
        }
        return worlds
    }

    private mutating func goOn(_ index: Int) {
        switch actors[index].doing {
        case .idle:
            actors[index].left -= 1
            if !actors[index].isThief { actors[index].token = stored }
            look(index)
        case .looked(let record, let version, let at): decide(index, record, version, at)
        case .saving(let record, let version, let at, let successor): save(index, record, version, at, successor)
        case .ending:
            isLive = false
            refuse(index)
        }
    }

    private mutating func look(_ index: Int) {
        guard isLive else { return refuse(index) }
        actors[index].doing = .looked(record, version: version, at: now)
    }

    private mutating func decide(_ index: Int, _ found: FamilyRecord, _ version: Int, _ at: Int) {
        let token = actors[index].token
        actors[index].tries += 1
        let salt = [UInt8(truncatingIfNeeded: index), UInt8(truncatingIfNeeded: actors[index].tries)]
        let grace =
            switch rules {
            case .noGrace: Duration.zero
            case .endlessGrace: Self.grace * 1000
            default: Self.grace
            }
        switch found.decide(on: token, salt: salt, grace: grace, use: Self.use(at)) {
        case (.rotate(let new, _), let successor?):
            actors[index].doing = .saving(new, version: version, at: at, successor)
        case (.answerAgain, let successor?):
            answer(index, rules == .freshSuccessor ? token.successor(salt: salt + [9]) : successor, at)
        default: actors[index].doing = .ending
        }
    }

    private mutating func save(
        _ index: Int, _ new: FamilyRecord, _ version: Int, _ at: Int, _ successor: RefreshToken
    ) {
        guard isLive || rules == .reviveOnSave else { return refuse(index) }
        if !isLive { violation = true }
        guard self.version == version || rules == .blindSave else { return look(index) }
        record = new
        self.version += 1
        exchanged.append(at)
        answer(index, successor, at)
    }

    private mutating func answer(_ index: Int, _ successor: RefreshToken, _ at: Int) {
        let presented = actors[index].token.hash
        guard let number = given.firstIndex(of: presented) else { return violation = true }
        if number == given.count - 1 { given.append(successor.hash) }
        // One token has one successor, whoever asks; and whoever is late gets one after that, within the grace alone.
        guard let next = given.firstIndex(of: successor.hash), next > number, at - exchanged[number] < 1 else {
            return violation = true
        }
        if !actors[index].isThief, stored.hash == presented { stored = successor }
        actors[index].token = successor
        actors[index].doing = .idle
    }

    private mutating func refuse(_ index: Int) {
        if !hasThief || rules == .neverEnded { violation = true }
        actors[index].doing = .idle
        actors[index].left = 0
    }
}

extension RefreshWorld.Actor {
    var isIdle: Bool { if case .idle = doing { true } else { false } }
}

extension RefreshWorld {
    /// Numbers that tell two worlds apart.
    var key: [Int] {
        var numbers = [ticks, now, version, isLive ? 1 : 0, violation ? 1 : 0, number(stored.hash)] + key(of: record)
        for actor in actors {
            numbers += [actor.left, number(actor.token.hash), actor.tries]
            switch actor.doing {
            case .idle: numbers.append(0)
            case .looked(let record, let version, let at): numbers += [1, version, at] + key(of: record)
            case .saving(let record, let version, let at, _): numbers += [2, version, at] + key(of: record)
            case .ending: numbers.append(3)
            }
        }
        return numbers + given.map(number) + exchanged
    }

    private func key(of record: FamilyRecord) -> [Int] {
        [
            number(record.current), record.branches.count, record.branches.count { $0.salt.isEmpty },
            Int(record.latest?.use.at.milliseconds ?? 0),
        ]
    }

    private func number(_ hash: IDHash) -> Int { Int(truncatingIfNeeded: hash.leadingBits) }
}
