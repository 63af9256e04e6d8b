import Testing

@testable import Sessions

@Suite("Every interleaving of a small world", .serialized)
struct ExhaustiveTests {
    @Test("No request that begins after a revoke is effective is served", arguments: NamedWorld.all)
    func shippingRulesAreSafe(world: NamedWorld) {
        let explorer = Explorer(World(world.budget, rules: .shipping), stopsAtViolation: true)
        report(.shipping, world, explorer)
        #expect(explorer.violation == nil)
        #expect(explorer.interleavings > 1_000_000, "too small a world proves nothing")
    }

    @Test(
        "The same exploration finds each broken rule broken",
        arguments: [
            (Rules.blindFill, NamedWorld.reads), (.leaseFromEnd, .reads), (.joinAcrossInvalidation, .reads),
            (.ignoreLease, .warm), (.createOnSave, .saves), (.publishBeforeApplying, .warm),
        ])
    func brokenRulesAreFound(rules: Rules, world: NamedWorld) {
        let explorer = Explorer(World(world.budget, rules: rules), stopsAtViolation: true)
        report(rules, world, explorer)
        #expect(explorer.violation != nil)
    }

    @Test("Every broken rule there is has been tried")
    func everyRuleIsTried() {
        // A new case of Rules must be added to the arguments above.
        #expect(Rules.allCases.count == 7)
    }

    /// A line of the table that README shows.
    private func report(_ rules: Rules, _ world: NamedWorld, _ explorer: Explorer) {
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - text.count))
        }
        let verdict = explorer.violation.map { "broken, by \($0) steps" } ?? "safe, \(explorer.depth) steps deep"
        let counts = "\(Int64(explorer.interleavings)) interleavings, \(explorer.worlds) worlds"
        print(padded(rules.rawValue, 44), padded(world.name, 24), padded(verdict, 22), counts)
    }
}
