/// What a filter can ask about.
enum FilterField: String, CaseIterable, Sendable {
    case user, id, ip, node, agent, state, layout, ttl, idle, age, size, has

    /// Whether it is compared (`ttl<5m`) rather than named (`user:alice`).
    var measure: FilterMeasure? { FilterMeasure(rawValue: rawValue) }

    /// What one writes, as an example.
    var example: String {
        switch self {
        case .user: "user:alice*"
        case .id: "id:7f3a91c2d0e1"
        case .ip: "ip:10.0.0.0/8"
        case .node: "node:web-03"
        case .agent: "agent:firefox"
        case .state: "state:revoked"
        case .layout: "layout:native"
        case .ttl: "ttl<5m"
        case .idle: "idle>1h"
        case .age: "age>=7d"
        case .size: "size>4k"
        case .has: "has:expiry"
        }
    }

    /// What it means, in one line.
    var help: String {
        switch self {
        case .user: "the user, exactly; * stands for any text"
        case .id: "a handle's first digits; ended sessions too"
        case .ip: "an address, or a range as address/bits"
        case .node: "the node that served it last, exactly; * stands for any text"
        case .agent: "a part of the user agent, in any case; * stands for any text"
        case .state: "live, revoked, expired, or * for all"
        case .layout: "the layout, exactly; * stands for any text"
        case .ttl: "the time left; a session that never expires has more than any"
        case .idle: "the time since it was last used"
        case .age: "the time since it began"
        case .size: "the payload as stored, in bytes, k or M"
        case .has: "whether it is known: " + FilterKnowledge.allCases.map(\.rawValue).joined(separator: ", ")
        }
    }

    /// The fields whose names are like a mistyped one, or all of them.
    static func near(_ name: String) -> [FilterField] {
        let wanted = Array(name.utf8.prefix(16))
        let near = allCases.filter {
            $0.rawValue.hasPrefix(name) || name.hasPrefix($0.rawValue)
                || EditDistance.between(wanted, Array($0.rawValue.utf8)) <= 1
        }
        return near.isEmpty ? allCases : near
    }
}

/// One way to write a part of a filter: for completion and for help.
public struct FilterSuggestion: Sendable, Equatable {
    /// What to complete to: `user:`, `ttl<`.
    public var completion: String
    /// An example: `user:alice*`.
    public var example: String
    /// What it means, in one line.
    public var help: String
}

extension Filter {
    /// Every field with an example and a line of help, in the order to show.
    public static let suggestions: [FilterSuggestion] = FilterField.allCases.map { field in
        let sign = field == .ttl ? "<" : field.measure == nil ? ":" : ">"
        return FilterSuggestion(completion: field.rawValue + sign, example: field.example, help: field.help)
    }
}
