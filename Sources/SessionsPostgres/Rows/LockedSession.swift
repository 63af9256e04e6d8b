internal import Sessions

/// What an order must know of a session before it ends or extends it: little, so that many are read quickly.
struct LockedSession: Sendable {
    let id: IDHash
    let user: String?
    var state: SessionState
    var deadlines: Deadlines
    /// Who ended it; also where a cut-off did.
    var revocation: Revocation?
    /// Whether a cut-off ends it.
    let isCut: Bool

    /// Several, each locked until the transaction's end, always in the same order: two of these never wait for each
    /// other.
    static let query = Statement(
        "lock",
        """
        SELECT s.id_hash, s.username, s.state, s.idle_deadline, s.absolute_deadline,
            coalesce(s.revoked_at, cut.not_before), coalesce(s.revoked_by, cut.set_by),
            CASE WHEN s.revoked_at IS NULL THEN cut.reason ELSE s.reason END, cut.not_before IS NOT NULL
        FROM sessions AS s \(CutoffQuery.joinFirst)
        WHERE s.ns = $1 AND s.id_hash = ANY($2::bytea[])
        ORDER BY s.id_hash FOR NO KEY UPDATE OF s
        """)

    /// One that was live until this transaction ended it.
    init(live id: IDHash, user: String?) {
        (self.id, self.user, state, deadlines) = (id, user, .live, Deadlines(idle: nil, absolute: nil))
        (revocation, isCut) = (nil, false)
    }

    init(_ columns: Columns) throws {
        id = try columns.id(0)
        user = columns.optionalText(1)
        state = try columns.state(2)
        deadlines = Deadlines(idle: columns.optionalMoment(3), absolute: columns.optionalMoment(4))
        revocation = columns.optionalMoment(5).map {
            Revocation(at: $0, by: columns.text(6), reason: columns.optionalText(7))
        }
        isCut = columns.bool(8)
    }

    /// How it stands at a moment.
    func standing(at now: Timestamp) -> SessionState { state.standing(at: now, isCut: isCut, deadlines) }
}
