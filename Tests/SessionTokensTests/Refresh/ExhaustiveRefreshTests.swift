import SessionTesting
import Testing

@testable import SessionTokens

@Suite("Every interleaving of tabs and a thief", .serialized)
struct ExhaustiveRefreshTests {
    enum Company: String, CaseIterable, Sendable {
        case tabs = "two tabs"
        case thief = "two tabs, a thief"

        func world(_ rules: RefreshRules) -> RefreshWorld {
            switch self {
            case .tabs: RefreshWorld(tabs: 2, uses: 4, thief: 0, ticks: 1, rules: rules)
            case .thief: RefreshWorld(tabs: 2, uses: 2, thief: 2, ticks: 1, rules: rules)
            }
        }
    }

    @Test(
        "A token has one successor, and none after the grace; tabs alone are never refused",
        arguments: Company.allCases)
    func shippingRulesAreSafe(company: Company) {
        let explorer = Explorer(company.world(.shipping), stopsAtViolation: true)
        explorer.report(RefreshRules.shipping.rawValue, company.rawValue)
        #expect(explorer.violation == nil)
        #expect(explorer.interleavings > 10_000, "too small a world proves nothing")
    }

    @Test(
        "The same exploration finds each broken rule broken",
        arguments: [
            (RefreshRules.blindSave, Company.tabs), (.blindSave, .thief), (.reviveOnSave, .thief),
            (.freshSuccessor, .tabs), (.noGrace, .tabs), (.endlessGrace, .thief),
        ])
    func brokenRulesAreFound(rules: RefreshRules, company: Company) {
        let explorer = Explorer(company.world(rules), stopsAtViolation: true)
        explorer.report(rules.rawValue, company.rawValue)
        #expect(explorer.violation != nil)
    }

    @Test("Where there is a thief, families are ended")
    func thievesAreFound() {
        #expect(Explorer(Company.thief.world(.neverEnded), stopsAtViolation: true).violation != nil)
    }

    @Test("Every broken rule there is has been tried")
    func everyRuleIsTried() {
        // A new case of RefreshRules must be added to the arguments above.
        #expect(RefreshRules.allCases.count == 7)
    }
}
