internal import CoreMetrics
internal import SessionTokens

/// What swift-metrics hears of bearer tokens: the counter `sessions.tokens`, by `outcome`.
struct TokenMetrics: Sendable {
    private enum Outcome: String, CaseIterable {
        case accepted, missing, malformed, forged, expired, revoked, scope, unavailable
    }

    private let counters: [Outcome: Counter]

    init(_ factory: any MetricsFactory) {
        counters = Dictionary(
            uniqueKeysWithValues: Outcome.allCases.map {
                ($0, Counter(label: "sessions.tokens", dimensions: [("outcome", $0.rawValue)], factory: factory))
            })
    }

    func countAccepted() { counters[.accepted]?.increment() }

    func countMissing() { counters[.missing]?.increment() }

    func count(_ refusal: TokenRefusal) {
        let outcome: Outcome =
            switch refusal.code {
            case .revocationUnknown: .unavailable
            case .scopeMissing: .scope
            case .expired, .notYetValid: .expired
            case .denied, .sessionEnded, .cutOff: .revoked
            default: Attack(refusal.code) == .malformedToken ? .malformed : .forged
            }
        counters[outcome]?.increment()
    }
}

extension Attack {
    /// What somebody tried whose token was refused so; `nil`: it happens to honest clients, too.
    init?(_ code: TokenRefusal.Code) {
        switch code {
        case .revocationUnknown, .scopeMissing, .expired, .notYetValid: return nil
        case .denied, .sessionEnded, .cutOff: self = .endedToken
        case .tooLong: self = .oversizedToken
        case .malformed, .badBase64, .badText, .badJSON, .tooDeep, .duplicateMember: self = .malformedToken
        default: self = .forgedToken
        }
    }
}
