import SessionTesting
import Testing

@testable import Sessions

/// The table of revocation rules: every interleaving of fillers, a revoker, a writer and evictions, without the feed.
@Suite("Every interleaving of a fill and a revoke", .serialized)
struct FillRuleTests {
    /// Who else acts, besides fillers and the revoker.
    enum Company: String, CaseIterable {
        case nobody = "fillers"
        case evictions = "fillers, evictions"
        case writer = "fillers, writer"
        case both = "fillers, both"

        var evicts: Bool { self == .evictions || self == .both }
        var writes: Bool { self == .writer || self == .both }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let rule: FillRule
        let order: RevokeOrder
        let company: Company
        let isSafe: Bool

        var testDescription: String { "\(rule.rawValue); \(order.rawValue); \(company.rawValue)" }
    }

    static let rows: [Row] = FillRule.allCases.flatMap { rule in
        RevokeOrder.allCases.flatMap { order in
            Company.allCases.compactMap { company in
                expected(rule, order, company).map { Row(rule: rule, order: order, company: company, isSafe: $0) }
            }
        }
    }

    /// Whether a rule is safe; `nil`: a combination that nobody proposes.
    private static func expected(_ rule: FillRule, _ order: RevokeOrder, _ company: Company) -> Bool? {
        switch (rule, order) {
        case (.lease, .databaseFirst), (.lease, .tombstone): true
        // Who takes the lease after the delete still reads a live row.
        case (.lease, .cacheFirst): false
        case (.lease, .deleteTwice): true
        case (.blind, _): false
        case (.addOnly, .tombstone), (.onlyIfNewer, .tombstone): !company.evicts
        case (.addOnly, _), (.onlyIfNewer, _): nil
        }
    }

    @Test("A lease is safe whatever is evicted; a rule that needs a mark that says no is not", arguments: rows)
    func rule(row: Row) {
        let world = FillWorld(
            row.rule, row.order, evictions: row.company.evicts ? 2 : 0, hasWriter: row.company.writes, fillers: 3)
        let explorer = Explorer(world, stopsAtViolation: false)
        explorer.report("\(row.order.rawValue); \(row.rule.rawValue)", row.company.rawValue)
        #expect((explorer.violation == nil) == row.isSafe)
        #expect(explorer.interleavings > 500, "too small a world proves nothing")
    }
}
