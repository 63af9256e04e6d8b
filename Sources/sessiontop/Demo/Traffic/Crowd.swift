import Sessions

/// All clients of one demo, and whose turn it is.
///
/// A value without I/O: the same seed and the same answers at the same times give the same requests.
struct Crowd: Sendable {
    /// One request that a client makes.
    struct Errand: Sendable, Equatable {
        /// Which client.
        var client: Int
        /// What it asks for.
        var move: Client.Move
        /// The cookie it sends.
        var cookie: SessionCookie?
        /// Who signs in from this client.
        var user: String?
        /// Where it is used from.
        var address: String
        /// Its user agent.
        var agent: String
    }

    /// Who they are.
    let population: Population
    /// The members' devices and the visitors' browsers, as the population has them; then holders of sessions that were
    /// there before; then thieves, who come and go.
    private(set) var clients: [Client]
    private var generator: SeededGenerator
    private var holders: Range<Int>
    private var thieves: [Int] = []

    /// The share of requests that visitors make, who never sign in.
    static let visitorShare = 0.1
    /// The share of requests from the holders of sessions that were there before.
    static let holderShare = 0.05
    /// The share of requests that each thief makes.
    static let thiefShare = 0.005

    /// Makes a crowd of which some are there at the start, in the midst of a visit.
    init(population: Population, start: MonotonicInstant, using generator: inout SeededGenerator) {
        self.population = population
        self.generator = generator.split()
        clients = []
        holders = 0..<0
        for device in population.devices { clients.append(client(for: device, at: start)) }
        holders = clients.count..<clients.count
    }

    /// Hands cookies of sessions that exist already to clients of their own; before any thief comes.
    mutating func adopt(
        _ sessions: [(cookie: SessionCookie, device: Population.Device)], at now: MonotonicInstant
    ) {
        for (cookie, device) in sessions {
            var client = client(for: device, at: now)
            client.cookie = cookie
            client.isSignedIn = device.rank != nil
            clients.append(client)
        }
        holders = holders.lowerBound..<clients.count
    }

    /// The next request; `nil` where everybody waits for an answer.
    mutating func next(at now: MonotonicInstant) -> Errand? {
        for _ in 0..<16 {
            if let errand = errand(of: drawClient(), at: now) { return errand }
        }
        // Nearly nobody is there: somebody comes back early.
        let index = Int.random(in: 0..<holders.lowerBound, using: &generator)
        if clients[index].isAway(at: now) { clients[index].wake(at: now, using: &generator) }
        return errand(of: index, at: now)
    }

    /// Tells a client the answer to its request.
    mutating func settle(_ errand: Errand, _ answer: Client.Answer, at now: MonotonicInstant) {
        clients[errand.client].take(answer, to: errand.cookie, at: now, using: &generator)
        let isOver = clients[errand.client].cookie == nil || clients[errand.client].isAway(at: now)
        if isOver { thieves.removeAll { $0 == errand.client } }
    }

    /// How long until the next account is stolen.
    mutating func timeToTheft(mean: Duration) -> Duration { generator.exponential(mean: mean) }

    /// Somebody steals the account of a user who is signed in: with the password, or with a copy of the cookie.
    mutating func steal(at now: MonotonicInstant) {
        guard let victim = drawVictim(), let rank = clients[victim].rank else { return }
        var thief = Client(
            kind: .thief(rank: rank), address: Addresses.drawForThief(using: &generator),
            agent: UserAgents.drawForThief(using: &generator), presence: .away(until: now))
        thief.wake(at: now, using: &generator)
        if generator.chance(0.5) {
            thief.cookie = clients[victim].cookie
            thief.isSignedIn = true
        }
        thieves.append(place(thief))
    }

    private mutating func errand(of index: Int, at now: MonotonicInstant) -> Errand? {
        guard let move = clients[index].next(at: now, using: &generator) else { return nil }
        let client = clients[index]
        return Errand(
            client: index, move: move, cookie: client.cookie, user: client.rank.map(UserNames.name(rank:)),
            address: client.address, agent: client.agent)
    }

    private mutating func drawClient() -> Int {
        let draw = Double.random(in: 0..<1, using: &generator)
        if draw < Self.visitorShare { return Int.random(in: population.visitors, using: &generator) }
        if draw < Self.visitorShare + Self.holderShare, !holders.isEmpty {
            return Int.random(in: holders, using: &generator)
        }
        if draw > 1 - Self.thiefShare * Double(thieves.count), let thief = thieves.randomElement(using: &generator) {
            return thief
        }
        let devices = population.ownership[population.drawRank(using: &generator)]
        return Int.random(in: devices, using: &generator)
    }

    private mutating func drawVictim() -> Int? {
        for _ in 0..<32 {
            let devices = population.ownership[population.drawRank(using: &generator)]
            let index = Int.random(in: devices, using: &generator)
            if clients[index].isSignedIn { return index }
        }
        return nil
    }

    /// A thief takes the place of one who is gone, so that their number stays bounded.
    private mutating func place(_ thief: Client) -> Int {
        let gone = (holders.upperBound..<clients.count).first { clients[$0].inFlight == 0 && !thieves.contains($0) }
        if let gone {
            clients[gone] = thief
            return gone
        }
        clients.append(thief)
        return clients.count - 1
    }

    private mutating func client(for device: Population.Device, at now: MonotonicInstant) -> Client {
        let kind = device.rank.map { Client.Kind.member(rank: $0) } ?? .visitor
        let isThere = generator.chance(0.6)
        var client = Client(
            kind: kind, address: device.address, agent: device.agent,
            presence: .away(until: now + generator.exponential(mean: .seconds(150))))
        if isThere { client.wake(at: now, using: &generator) }
        return client
    }
}
