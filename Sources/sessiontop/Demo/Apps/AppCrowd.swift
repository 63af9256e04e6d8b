import SessionTokens
import Sessions

/// All apps of one demo, and whose turn it is: every fourth user has one, some of them two or three.
///
/// A value without I/O, with a generator of its own: what browsers do is the same with it and without.
struct AppCrowd: Sendable {
    /// One request that an app makes.
    struct Errand: Sendable {
        /// Which app.
        var app: Int
        /// What it asks for.
        var move: AppClient.Move
        /// What it holds.
        var tokens: TokenPair?
        /// The family that a new one is derived from.
        var parent: IDHash?
        /// Who uses it, and the application's name.
        var user: String, client: String
        /// Where it is used from, and its user agent.
        var request: RequestInfo
    }

    /// The share of the demo's requests that apps make.
    static let share = 0.1
    /// The share of their requests that each thief makes.
    static let thiefShare = 0.02

    private(set) var apps: [AppClient] = []
    private var generator: SeededGenerator
    private var thieves: [Int] = []

    /// Makes the apps of so many users.
    init(userCount: Int, using generator: inout SeededGenerator) {
        self.generator = generator.split()
        for rank in stride(from: 0, to: userCount, by: 4) { add(rank) }
    }

    private mutating func add(_ rank: Int) {
        let phone = apps.count
        let isApple = generator.chance(0.5)
        let address = Addresses.draw(using: &generator)
        apps.append(
            AppClient(
                rank: rank, client: isApple ? "shop-ios" : "shop-android", address: address,
                agent: isApple ? "Shop/5.2 (iOS 18.1)" : "okhttp/4.12.0"))
        if rank % 8 == 0 {
            apps.append(
                AppClient(
                    rank: rank, client: "shop-watch", address: address, agent: "ShopWatch/2.0", parent: phone))
        }
        if rank % 12 == 0 {
            apps.append(
                AppClient(
                    rank: rank, client: "shop-desktop", address: Addresses.draw(using: &generator),
                    agent: UserAgents.draw(using: &generator)))
        }
    }

    /// The next request; `nil` where whose turn it is waits for an answer, or for somebody else's sign-in.
    mutating func next(at now: Timestamp) -> Errand? {
        let index = draw()
        guard !apps[index].isBusy else { return nil }
        let app = apps[index]
        let parent = app.parent.flatMap { apps[$0].tokens?.family.id }
        let move = app.next(at: now, using: &generator)
        if move == .signIn, app.isThief || (app.parent != nil && parent == nil) { return nil }
        apps[index].isBusy = true
        return Errand(
            app: index, move: move, tokens: app.tokens, parent: parent, user: UserNames.name(rank: app.rank),
            client: app.client, request: RequestInfo(ip: app.address, agent: app.agent))
    }

    /// Tells an app what came of its request.
    mutating func settle(_ errand: Errand, _ outcome: AppClient.Outcome) {
        apps[errand.app].isBusy = false
        switch outcome {
        case .issued(let tokens): apps[errand.app].tokens = tokens
        case .kept: break
        case .lost:
            apps[errand.app].tokens = nil
            thieves.removeAll { $0 == errand.app }
        }
    }

    /// Somebody copies the refresh token of an app.
    mutating func steal() {
        let holders = apps.indices.filter { apps[$0].tokens != nil && !apps[$0].isThief && !apps[$0].isBusy }
        guard let victim = holders.randomElement(using: &generator), let tokens = apps[victim].tokens else { return }
        var thief = AppClient(
            rank: apps[victim].rank, client: apps[victim].client, address: Addresses.drawForThief(using: &generator),
            agent: UserAgents.drawForThief(using: &generator), isThief: true, tokens: tokens)
        thief.stolenGeneration = tokens.family.generation
        if let gone = apps.indices.first(where: { apps[$0].isThief && apps[$0].tokens == nil && !apps[$0].isBusy }) {
            apps[gone] = thief
            thieves.append(gone)
        } else {
            apps.append(thief)
            thieves.append(apps.count - 1)
        }
    }

    private mutating func draw() -> Int {
        let isThief = generator.chance(Self.thiefShare * Double(thieves.count))
        if isThief, let thief = thieves.randomElement(using: &generator) { return thief }
        // The first are the busiest.
        let place = Double.random(in: 0..<1, using: &generator)
        return min(Int(place * place * Double(apps.count)), apps.count - 1)
    }
}
