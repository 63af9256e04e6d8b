/// Conditions put together.
///
/// Its depth is bounded by the parser, so that walking it needs no other bound. Made by the functions below, which keep
/// one form for each meaning of parentheses: what is printed parses back to the same.
package indirect enum FilterExpression: Sendable, Equatable {
    /// Every session.
    case everything
    /// One condition.
    case term(FilterTerm)
    /// What doesn't match.
    case not(FilterExpression)
    /// What matches all of two or more, none of which is an `all`.
    case all([FilterExpression])
    /// What matches any of two or more, none of which is an `any`.
    case any([FilterExpression])

    /// What matches every part.
    package static func conjunction(_ parts: [FilterExpression]) -> FilterExpression {
        let flat = parts.flatMap { if case .all(let inner) = $0 { inner } else { [$0] } }
        return flat.count == 1 ? flat[0] : flat.isEmpty ? .everything : .all(flat)
    }

    /// What matches at least one part.
    package static func disjunction(_ parts: [FilterExpression]) -> FilterExpression {
        let flat = parts.flatMap { if case .any(let inner) = $0 { inner } else { [$0] } }
        return flat.count == 1 ? flat[0] : .any(flat)
    }

    /// What a part doesn't match.
    package static func negation(_ part: FilterExpression) -> FilterExpression {
        if case .not(let inner) = part { inner } else { .not(part) }
    }

    /// Whether it holds, with an answer for each condition.
    func holds(_ answer: (FilterTerm) -> Bool) -> Bool {
        switch self {
        case .everything: true
        case .term(let term): answer(term)
        case .not(let part): !part.holds(answer)
        case .all(let parts): parts.allSatisfy { $0.holds(answer) }
        case .any(let parts): parts.contains { $0.holds(answer) }
        }
    }

    /// Whether any condition in it is such.
    func contains(_ isSuch: (FilterTerm) -> Bool) -> Bool {
        switch self {
        case .everything: false
        case .term(let term): isSuch(term)
        case .not(let part): part.contains(isSuch)
        case .all(let parts), .any(let parts): parts.contains { $0.contains(isSuch) }
        }
    }
}
