import SessionTesting
import Testing

@testable import SessionTokens

@Suite("Every interleaving of a follower, a revoker and a clock", .serialized)
struct ExhaustiveFollowerTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let budget: FollowerWorld.Budget
        var testDescription: String { name }

        static let polls = Row(name: "polls", budget: .init(reads: 7, ticks: 4))
        static let restart = Row(name: "restart", budget: .init(reads: 8, ticks: 4, restarts: 1))
        static let purge = Row(name: "purge", budget: .init(reads: 6, ticks: 5, restarts: 1, purges: 1))
        static let failover = Row(name: "failover", budget: .init(reads: 8, ticks: 4, failovers: 1))
        static let all = [polls, restart, purge, failover]
    }

    @Test(
        "No token is called valid after its revoke is effective", arguments: FollowerTarget.allCases, Row.all)
    func shippingRulesAreSafe(target: FollowerTarget, row: Row) {
        let explorer = Explorer(FollowerWorld(target, row.budget, rules: .shipping), stopsAtViolation: true)
        explorer.report(FollowerRules.shipping.rawValue, "\(target.rawValue), \(row.name)")
        #expect(explorer.violation == nil)
        #expect(explorer.interleavings > 1_000_000, "too small a world proves nothing")
    }

    @Test(
        "The same exploration finds each broken rule broken",
        arguments: [
            (FollowerRules.ignoreLease, FollowerTarget.token, Row.polls), (.leaseFromEnd, .token, .polls),
            (.trustAtStart, .token, .restart), (.trustAtStart, .session, .restart),
            (.forgetTooSoon, .token, .polls), (.publishBeforeApplying, .token, .polls),
            (.publishBeforeApplying, .cutoff, .polls), (.trustPositions, .token, .failover),
            (.trustPositions, .cutoff, .failover),
        ])
    func brokenRulesAreFound(rules: FollowerRules, target: FollowerTarget, row: Row) {
        let explorer = Explorer(FollowerWorld(target, row.budget, rules: rules), stopsAtViolation: true)
        explorer.report(rules.rawValue, "\(target.rawValue), \(row.name)")
        #expect(explorer.violation != nil)
    }

    @Test("In each of these worlds the token is refused after the revoke", arguments: FollowerTarget.allCases, Row.all)
    func lateRequests(target: FollowerTarget, row: Row) {
        let world = FollowerWorld(target, row.budget, rules: .neverDenied)
        #expect(Explorer(world, stopsAtViolation: true).violation != nil)
    }

    @Test("Every broken rule there is has been tried")
    func everyRuleIsTried() {
        // A new case of FollowerRules must be added to the arguments above.
        #expect(FollowerRules.allCases.count == 8)
    }
}
