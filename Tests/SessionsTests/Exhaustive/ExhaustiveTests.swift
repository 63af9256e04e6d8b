import SessionTesting
import Testing

@testable import Sessions

@Suite("Every interleaving of a small world", .serialized)
struct ExhaustiveTests {
    @Test("No request that begins after a revoke is effective is served", arguments: NamedWorld.all)
    func shippingRulesAreSafe(world: NamedWorld) {
        let explorer = Explorer(World(world.budget, rules: .shipping), stopsAtViolation: true)
        explorer.report(Rules.shipping.rawValue, world.name)
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
        explorer.report(rules.rawValue, world.name)
        #expect(explorer.violation != nil)
    }

    @Test("Every broken rule there is has been tried")
    func everyRuleIsTried() {
        // A new case of Rules must be added to the arguments above.
        #expect(Rules.allCases.count == 7)
    }
}
