/// One condition of a filter.
package enum FilterTerm: Sendable, Equatable {
    /// A part of handle, user, address or agent.
    case word(TextPattern)
    /// The user.
    case user(TextPattern)
    /// The node that served last.
    case node(TextPattern)
    /// A part of the user agent.
    case agent(TextPattern)
    /// The store's layout.
    case layout(TextPattern)
    /// The first digits of the id's hash.
    case id(IDPrefix)
    /// The address.
    case ip(IPNetwork)
    /// How it stands; `nil`: in any state.
    case state(SessionState?)
    /// A quantity against a limit.
    case measure(FilterMeasure, FilterComparison, FilterQuantity)
    /// Whether something is known.
    case has(FilterKnowledge)

    /// Whether it is about ended sessions as well.
    var mentionsState: Bool {
        switch self {
        case .state, .id: true
        default: false
        }
    }

    /// Whether time alone can change its answer while the row stays as it is.
    var dependsOnTime: Bool {
        if case .measure(let measure, _, _) = self { measure != .size } else { false }
    }
}

/// What can be compared.
package enum FilterMeasure: String, Sendable, CaseIterable {
    case ttl, idle, age, size
}

/// What `has:` asks about.
package enum FilterKnowledge: String, Sendable, CaseIterable {
    case expiry, user, ip, agent, node, size, seen, created
}

/// How a quantity is compared.
package enum FilterComparison: String, Sendable, CaseIterable {
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case equal = "="
}

/// A limit as it was written: milliseconds or bytes, and the unit.
package struct FilterQuantity: Sendable, Equatable {
    /// The limit in milliseconds or bytes.
    package let value: Int64
    /// The unit that was written, in milliseconds or bytes: what `=` is exact to.
    package let unit: Int64

    /// Makes a limit.
    package init(value: Int64, unit: Int64) {
        self.value = value
        self.unit = unit
    }
}

extension FilterComparison {
    /// Whether a value stands so to a limit; `=` asks for the same number of the limit's units.
    @inline(__always)
    package func holds(_ value: Int64, _ limit: FilterQuantity) -> Bool {
        switch self {
        case .less: value < limit.value
        case .lessOrEqual: value <= limit.value
        case .greater: value > limit.value
        case .greaterOrEqual: value >= limit.value
        case .equal: value >= limit.value && value - limit.value < limit.unit
        }
    }
}

/// The first hexadecimal digits of an id's hash, one or more.
package struct IDPrefix: Sendable, Equatable {
    /// The digits, 0 to 15 each.
    let digits: [UInt8]
    /// The smallest hash that begins so.
    package let lowerBound: IDHash
    /// The greatest hash that begins so.
    package let upperBound: IDHash

    /// Reads 1 to 64 hexadecimal digits; `nil` for anything else.
    package init?(_ text: some Collection<UInt8>) {
        let digits = text.compactMap { Hex.value(of: $0) }
        guard digits.count == text.count, (1...64).contains(digits.count),
            let lower = Self.bound(digits, filler: 0), let upper = Self.bound(digits, filler: 15)
        else { return nil }
        self.digits = digits
        lowerBound = lower
        upperBound = upper
    }

    /// Whether a hash begins so.
    package func matches(_ id: IDHash) -> Bool { lowerBound <= id && id <= upperBound }

    private static func bound(_ digits: [UInt8], filler: UInt8) -> IDHash? {
        let padded = digits + Array(repeating: filler, count: 64 - digits.count)
        return IDHash(digest: stride(from: 0, to: 64, by: 2).map { padded[$0] << 4 | padded[$0 + 1] })
    }
}
