/// Who uses the demo's service: users with their devices, and browsers that nobody signs in from.
struct Population: Sendable {
    /// What somebody uses the service with.
    struct Device: Sendable, Equatable {
        /// Its user's rank; `nil`: a visitor who never signs in.
        var rank: Int?
        /// Where it is used from; a phone moves about.
        var address: String
        /// Its user agent.
        var agent: String
    }

    /// How many users there are.
    let userCount: Int
    /// All devices: the users' first, then the visitors'.
    let devices: [Device]
    /// The devices of each user, by rank.
    let ownership: [Range<Int>]
    /// The devices of visitors who never sign in.
    let visitors: Range<Int>
    private let ranks: AliasTable

    /// Makes a population.
    ///
    /// - Parameters:
    ///   - count: how many users; at least one.
    ///   - generator: the same one gives the same population.
    init(userCount count: Int, using generator: inout SeededGenerator) {
        userCount = count
        ranks = .zipf(count: count, exponent: 1)
        var devices: [Device] = []
        ownership = (0..<count).map { rank in
            let first = devices.count
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                devices.append(Self.device(of: rank, using: &generator))
            }
            return first..<devices.count
        }
        visitors = devices.count..<devices.count + max(1, count / 3)
        for _ in visitors { devices.append(Self.device(of: nil, using: &generator)) }
        self.devices = devices
    }

    /// A user's rank by Zipf's law: a few are very busy, most are not.
    func drawRank(using generator: inout SeededGenerator) -> Int { ranks.draw(using: &generator) }

    private static func device(of rank: Int?, using generator: inout SeededGenerator) -> Device {
        Device(
            rank: rank, address: Addresses.draw(using: &generator), agent: UserAgents.draw(using: &generator))
    }
}
