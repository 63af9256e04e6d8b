internal import GRDB
internal import Sessions

/// What readers and writers alike read of positions, cut-offs and the feed.
extension Database {
    func positions(of namespace: Int64) throws -> Positions {
        guard let positions = try first(Positions.query, [.integer(namespace)], { try Positions($0) }) else {
            throw SessionsError.namespaceLost
        }
        return positions
    }

    /// The cut-offs in force: the latest of each scope.
    func cutoffs(in namespace: Int64) throws -> [Cutoff] {
        try all(CutoffQuery.latest, [.integer(namespace)]) { try $0.cutoff() }
    }

    /// The cut-offs in force, to judge lists by.
    func cutoffs(in namespace: Int64, _ known: KnownCutoffs) throws -> Cutoffs {
        let positions = try positions(of: namespace)
        let values: [Value] = [.integer(namespace), .position(positions.cutoffEnd)]
        let mark = KnownCutoffs.Mark(
            end: positions.cutoffEnd, generation: positions.generation,
            latest: try first(CutoffQuery.told, values) { try $0.cutoff() })
        return try known.cutoffs(at: mark) { try cutoffs(in: namespace) }
    }

    /// All cut-offs, the earlier ones of a scope as well.
    func allCutoffs(in namespace: Int64) throws -> [Cutoff] {
        try all(CutoffQuery.all, [.integer(namespace)]) { try $0.cutoff() }
    }

    /// Entries of the feed after a position.
    ///
    /// A cut-off's own time stands with the cut-off, which is kept for as long as its entry.
    func feed(after position: FeedPosition, limit: Int, in namespace: Int64) throws -> [FeedEntry] {
        try all(
            """
            SELECT seq, at, kind, id_hash, scope, key, (
                SELECT not_before FROM cutoffs
                WHERE cutoffs.ns = feed.ns AND cutoffs.scope = feed.scope AND cutoffs.key = feed.key AND epoch = seq
            ) FROM feed WHERE ns = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3
            """,
            [.integer(namespace), .position(position), .integer(Int64(max(0, limit)))]
        ) {
            let seq = $0.position(0)
            let moment = $0.moment(1)
            return FeedEntry(position: seq, event: try $0.event(at: seq, moment), at: moment)
        }
    }
}

extension Columns {
    /// What an entry of the feed tells of, in its columns from the kind on.
    fileprivate func event(at position: FeedPosition, _ moment: Timestamp) throws -> FeedEntry.Event {
        switch text(2) {
        case "revoked": .revoked(try id(3))
        case "cutoff":
            .cutoff(Cutoff(scope: try scope(4, 5), notBefore: optionalMoment(6) ?? moment, epoch: position))
        case "denied": .denied(TokenDenial(key: try id(3)))
        default: .unknown
        }
    }

    fileprivate func cutoff() throws -> Cutoff {
        Cutoff(scope: try scope(0, 1), notBefore: moment(2), epoch: position(3))
    }

    fileprivate func scope(_ kind: Int32, _ key: Int32) throws -> CutoffScope {
        guard let scope = CutoffScope(kind: text(kind), key: text(key)) else {
            throw SessionsError(.corrupt, "the store holds a cut-off of an unknown kind: use a newer sessiontop")
        }
        return scope
    }
}
