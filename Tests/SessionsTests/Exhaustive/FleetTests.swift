import SessionTesting
import Testing

@testable import Sessions

@Suite("Every interleaving of two nodes that share a cache", .serialized)
struct FleetTests {
    @Test(
        "No request that begins after a revoke is effective is served, and none an older state than its client has seen",
        arguments: NamedFleet.all)
    func shippingRulesAreSafe(fleet: NamedFleet) {
        let explorer = Explorer(FleetWorld(fleet.budget, rules: .shipping), stopsAtViolation: true)
        explorer.report(FleetRules.shipping.rawValue, fleet.name)
        #expect(explorer.violation == nil)
        #expect(explorer.interleavings > 100_000, "too small a world proves nothing")
    }

    @Test(
        "The same exploration finds each broken rule broken",
        arguments: [
            (FleetRules.ignoreLease, NamedFleet.lostTombstone), (.forgetRevokes, .lostTombstone),
            (.forgetTooSoon, .lostTombstone), (.ignoreAge, .forgotten), (.trustAtStart, .restart),
            (.ignoreSeen, .wanderer), (.joinWhatever, .wanderer),
        ])
    func brokenRulesAreFound(rules: FleetRules, fleet: NamedFleet) {
        let explorer = Explorer(FleetWorld(fleet.budget, rules: rules), stopsAtViolation: true)
        explorer.report(rules.rawValue, fleet.name)
        #expect(explorer.violation != nil)
    }

    @Test(
        "In each of these worlds requests begin after the revoke is effective",
        arguments: NamedFleet.all.filter { $0.name != NamedFleet.wanderer.name })
    func lateRequests(fleet: NamedFleet) {
        #expect(Explorer(FleetWorld(fleet.budget, rules: .refuseLate), stopsAtViolation: true).violation != nil)
    }

    @Test("Every broken rule there is has been tried")
    func everyRuleIsTried() {
        // A new case of FleetRules must be added to the arguments above.
        #expect(FleetRules.allCases.count == 9)
    }
}
