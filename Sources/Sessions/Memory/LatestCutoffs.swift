/// The latest cut-off of each scope, to be looked up by scope.
struct LatestCutoffs: Sendable {
    private var byScope: [CutoffScope.ByteKey: Cutoff] = [:]

    /// None.
    init() {}

    /// Those of a list, in any order.
    init(_ cutoffs: [Cutoff]) {
        for cutoff in cutoffs { insert(cutoff) }
    }

    /// Adds one; an earlier one of the same scope gives way, a later one stays.
    mutating func insert(_ cutoff: Cutoff) {
        let key = CutoffScope.ByteKey(cutoff.scope)
        if let known = byScope[key], known.epoch >= cutoff.epoch { return }
        byScope[key] = cutoff
    }

    /// Forgets one.
    mutating func remove(_ cutoff: Cutoff) {
        let key = CutoffScope.ByteKey(cutoff.scope)
        if byScope[key] == cutoff { byScope[key] = nil }
    }

    /// The cut-off of a scope; `nil`: there is none.
    subscript(scope: CutoffScope) -> Cutoff? { byScope[CutoffScope.ByteKey(scope)] }

    /// All of them, in the order of their epochs.
    var all: [Cutoff] { byScope.values.sorted { $0.epoch < $1.epoch } }

    /// Those whose scope covers a session, at most four, whenever it was issued.
    func covering(_ session: Session) -> [Cutoff] {
        let scopes: [CutoffScope?] = [
            .everyone, session.tenant.map(CutoffScope.tenant), session.user.map(CutoffScope.user),
            session.client.map(CutoffScope.client),
        ]
        return scopes.compactMap { scope in scope.flatMap { self[$0] } }
    }
}
