import SessionTesting

@testable import Sessions

/// How sessions might be handed over; all but the first are wrong.
enum HandOverRules: String, CaseIterable {
    case shipping = "frozen while it travels"
    case keepServing = "served on while it travels"
    case forgetDenials = "a revoke of an unknown id is forgotten"
    case keepWithoutAnswer = "kept where no answer came"
    case trustLateRefusal = "a refusal after a lost answer is believed"
    case adoptAlways = "late copies are taken in again"
}

/// One session at a node that hands it over to another, in the smallest world where that can go wrong: a visitor who
/// saves, an operator who revokes at both nodes, messages that are lost, late or doubled, and a way back.
struct HandOverWorld: Explorable {
    struct Budget {
        var saves = 1
        var journeys = 1
        var losses = 1
        var revokes = true
        var isByCutoff = false
        var declines = false
    }

    /// A delivery on its way: it may arrive more than once, and late.
    struct Letter: Hashable {
        let from: Int
        let version: Int64
        let epoch: FeedPosition
        let hops: Int64
        let deliveries: Int
    }

    /// A sender's wait: for which journey, and what has come back.
    struct Wait: Hashable {
        let hops: Int64
        var answers: [Adoption] = []
        var isUncertain = false
    }

    static let id = anID(1)
    static let now = Timestamp(milliseconds: 1_800_000_000_000)
    private static let names = ["a", "b"]

    let rules: HandOverRules
    var nodes: [MemoryState]
    var budget: Budget
    var letters: Set<Letter> = []
    /// What the sender at each node waits for.
    var waiting: [Int: Wait] = [:]
    /// Where the revoke has been committed.
    var revokedAt: Set<Int> = []
    /// The highest version that a save was told.
    var acknowledged: Int64 = 1
    var hasLostAnswer = false
    private(set) var violation = false

    init(_ budget: Budget, rules: HandOverRules = .shipping) throws {
        self.budget = budget
        self.rules = rules
        nodes = [MemoryState(limits: MemoryLimits()), MemoryState(limits: MemoryLimits())]
        try nodes[0].insert(
            Session(id: Self.id, user: "u", created: Self.now - .seconds(3600), lifetime: .aal1))
    }

    struct Key: Hashable {
        let nodes: [[Int64]]
        let letters: Set<Letter>
        let waiting: [Int: Wait]
        let revokedAt: Set<Int>
        let numbers: [Int64]
    }

    var key: Key {
        let facts = nodes.map { node -> [Int64] in
            let record = node.records[Self.id]
            let state: Int64 =
                record.map { node.standing(of: $0.session, at: Self.now) == .live ? ($0.isLeaving ? 2 : 1) : 3 } ?? 0
            return [
                state, record?.session.version ?? 0, record?.hops ?? 0, record?.session.epoch.value ?? 0,
                node.gone[Self.id]?.hops ?? -1, node.denied[Self.id] == nil ? 0 : 1, node.isClosed ? 1 : 0,
                node.feedEnd.value,
            ]
        }
        return Key(
            nodes: facts, letters: letters, waiting: waiting, revokedAt: revokedAt,
            numbers: [
                Int64(budget.saves), Int64(budget.journeys), Int64(budget.losses), budget.revokes ? 1 : 0,
                budget.declines ? 1 : 0, acknowledged, hasLostAnswer ? 1 : 0,
            ])
    }

    /// Whether a node would serve the session.
    func serves(_ node: Int) -> Bool {
        guard let record = nodes[node].records[Self.id], !record.isLeaving || rules == .keepServing else {
            return false
        }
        return nodes[node].standing(of: record.session, at: Self.now) == .live
    }

    /// What must never be: two nodes serve it; it is served after the revoke, or in a state older than a save that was
    /// told; or nothing went wrong, and it is nowhere.
    mutating func judge() {
        let serving = [0, 1].filter(serves)
        if serving.count > 1 { violation = true }
        if revokedAt.count == 2, !serving.isEmpty { violation = true }
        for node in serving where nodes[node].records[Self.id]?.session.version ?? 0 < acknowledged { violation = true }
        let isQuiet = letters.isEmpty && waiting.isEmpty
        if isQuiet, revokedAt.isEmpty, !hasLostAnswer, serving.isEmpty { violation = true }
    }

    // MARK: - Steps

    var successors: [HandOverWorld] {
        (saves + revokes + departures + arrivals + settlements).map { world in
            var world = world
            world.judge()
            return world
        }
    }

    private func then(_ change: (inout HandOverWorld) -> Void) -> HandOverWorld {
        var world = self
        change(&world)
        return world
    }

    private var saves: [HandOverWorld] {
        guard budget.saves > 0 else { return [] }
        return [0, 1].filter(serves).map { node in
            then { world in
                world.budget.saves -= 1
                let version = world.nodes[node].records[Self.id]?.session.version ?? 0
                let outcome = try? world.nodes[node].save(.empty, of: Self.id, replacing: version, at: Self.now)
                if case .saved(let new) = outcome { world.acknowledged = max(world.acknowledged, new) }
            }
        }
    }

    /// An operator's revoke at one node: not while something is on its way from there.
    private var revokes: [HandOverWorld] {
        guard budget.revokes else { return [] }
        let open = [0, 1].filter { !revokedAt.contains($0) }
        return open.filter { !nodes[$0].isHandingOver || rules == .keepServing }.map { node in
            then { world in
                world.revokedAt.insert(node)
                let order = Order(actor: "o", reason: nil, at: Self.now)
                let target = budget.isByCutoff ? RevokeTarget.user("u") : .sessions([Self.id])
                _ = world.nodes[node].revoke(target, order)
                if rules == .forgetDenials { world.nodes[node].denied = [:] }
            }
        }
    }

    private var departures: [HandOverWorld] {
        guard budget.journeys > 0 else { return [] }
        return [0, 1].filter { waiting[$0] == nil && serves($0) }.map { node in
            then { world in
                world.budget.journeys -= 1
                for traveller in world.nodes[node].depart([Self.id], at: Self.now) {
                    let session = traveller.session
                    world.letters.insert(
                        Letter(
                            from: node, version: session.version, epoch: session.epoch, hops: traveller.hops,
                            deliveries: 1))
                    world.waiting[node] = Wait(hops: traveller.hops)
                }
            }
        }
    }

    private var arrivals: [HandOverWorld] {
        letters.flatMap { letter -> [HandOverWorld] in
            let answers: [Bool] = budget.losses > 0 ? [true, false] : [true]
            return answers.map { comesBack in then { $0.deliver(letter, comesBack: comesBack) } }
        } + (budget.declines ? [then { $0.toggleClosed() }] : [])
    }

    private mutating func toggleClosed() {
        budget.declines = false
        nodes[1].isClosed = true
    }

    private mutating func deliver(_ letter: Letter, comesBack: Bool) {
        letters.remove(letter)
        if letter.deliveries > 1 {
            letters.insert(
                Letter(
                    from: letter.from, version: letter.version, epoch: letter.epoch, hops: letter.hops,
                    deliveries: letter.deliveries - 1))
        }
        let to = 1 - letter.from
        var session = Session(id: Self.id, user: "u", created: Self.now - .seconds(3600), lifetime: .aal1)
        session.version = letter.version
        session.epoch = letter.epoch
        if rules == .adoptAlways { nodes[to].gone[Self.id] = nil }
        let answer = nodes[to].adopt(
            MemoryState.Traveller(session: session, hops: letter.hops), knowing: nodes[letter.from].cutoffs,
            at: Self.now)
        if !comesBack { budget.losses -= 1 }
        // Nobody waits any more for what comes after the answer.
        guard waiting[letter.from]?.hops == letter.hops else { return }
        if comesBack { waiting[letter.from]?.answers.append(answer) } else { waiting[letter.from]?.isUncertain = true }
    }

    /// The sender settles with the first answer; or gives up, when it has none.
    private var settlements: [HandOverWorld] {
        waiting.flatMap { node, wait -> [HandOverWorld] in
            var ways: [HandOverWorld] = []
            if let first = wait.answers.first { ways.append(then { $0.settle(node, first) }) }
            if wait.answers.isEmpty {
                if wait.isUncertain { ways.append(then { $0.settle(node, nil) }) }
                if budget.losses > 0 { ways.append(then { $0.sendAgain(node) }) }
            }
            return ways
        }
    }

    /// No answer came in time: what was sent first may arrive yet.
    private mutating func sendAgain(_ node: Int) {
        guard let record = nodes[node].records[Self.id] else { return }
        budget.losses -= 1
        waiting[node]?.isUncertain = true
        let first = letters.first { $0.from == node && $0.hops == record.hops + 1 }
        if let first { letters.remove(first) }
        letters.insert(
            Letter(
                from: node, version: record.session.version, epoch: record.session.epoch, hops: record.hops + 1,
                deliveries: (first?.deliveries ?? 0) + 1))
    }

    private mutating func settle(_ node: Int, _ answer: Adoption?) {
        var answer = answer
        if answer == .declined, waiting[node]?.isUncertain == true, rules != .trustLateRefusal { answer = nil }
        if answer == nil { hasLostAnswer = true }
        if answer == nil, rules == .keepWithoutAnswer { answer = .declined }
        nodes[node].settle(Self.id, answer, of: Self.names[1 - node], at: Self.now)
        waiting[node] = nil
    }
}
