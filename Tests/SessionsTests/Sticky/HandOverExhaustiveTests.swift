import Testing

@testable import Sessions

@Suite("Every interleaving of a hand-over, a revoke and saves", .serialized)
struct HandOverExhaustiveTests {
    typealias Budget = HandOverWorld.Budget

    private static let budgets: [(String, Budget)] = [
        ("one journey, answers lost", Budget(saves: 2, journeys: 1, losses: 2)),
        ("there and back, answers lost", Budget(saves: 2, journeys: 2, losses: 2)),
        ("three journeys, a cut-off", Budget(saves: 1, journeys: 3, losses: 1, isByCutoff: true)),
        ("there and back, refusals", Budget(saves: 2, journeys: 2, losses: 2, declines: true)),
        ("three journeys, no revoke", Budget(saves: 3, journeys: 3, losses: 2, revokes: false, declines: true)),
    ]

    @Test("At most one node serves it, no save is undone, and nothing serves it after the revoke", arguments: budgets)
    func isSafe(name: String, budget: Budget) throws {
        let explorer = Explorer(try HandOverWorld(budget), stopsAtViolation: true)
        explorer.report(HandOverRules.shipping.rawValue, name)
        #expect(explorer.violation == nil)
        #expect(explorer.worlds > 100, "too small a world proves nothing")
    }

    @Test("The same exploration finds each broken rule broken", arguments: HandOverRules.allCases.dropFirst())
    func findsBroken(rules: HandOverRules) throws {
        let explorers = try Self.budgets.map { Explorer(try HandOverWorld($0.1, rules: rules), stopsAtViolation: true) }
        #expect(explorers.contains { $0.violation != nil })
    }
}
