internal import Sessions

/// A session's row, read whole, and whether a cut-off ends it.
struct StoredSession: Sendable {
    /// The row's number.
    var number: Int64
    var session: Session
    /// Whether a cut-off ends it.
    var isCut: Bool
    /// The size of the payload, also where the payload wasn't read.
    var payloadSize: Int

    /// How it stands at a moment.
    func standing(at now: Timestamp) -> SessionState {
        session.state.standing(at: now, isCut: isCut, session.deadlines)
    }
}

extension StoredSession {
    /// One session by its identity, with its payload: for whoever may read that.
    static let whole = Statement("load", "\(select("s.payload")) WHERE s.ns = $1 AND s.id_hash = $2")
    /// One session by its identity, without its payload.
    static let withoutPayload = Statement("look", "\(select("NULL::bytea")) WHERE s.ns = $1 AND s.id_hash = $2")

    private static func select(_ payload: String) -> String {
        """
        SELECT s.id_hash, s.number, s.state, s.version, s.epoch, s.created, s.authenticated, s.seen, s.idle_deadline,
            s.absolute_deadline, s.username, s.tenant, s.client, s.ip, s.agent, s.node, s.revoked_at, s.revoked_by,
            s.reason, s.key_id, s.payload_bytes, \(payload), cut.not_before, cut.set_by, cut.reason
        FROM sessions AS s \(CutoffQuery.joinFirst)
        """
    }

    init(_ columns: Columns) throws {
        number = columns.integer(1)
        payloadSize = Int(columns.integer(20))
        isCut = !columns.isNull(22)
        let payload = Payload(keyID: columns.optionalText(19), bytes: columns.bytes(21))
        session = Session(id: try columns.id(0), created: columns.moment(5), lifetime: .office, payload: payload)
        session.state = try columns.state(2)
        session.version = columns.integer(3)
        session.epoch = columns.position(4)
        session.authenticated = columns.optionalMoment(6)
        session.seen = columns.moment(7)
        session.deadlines = Deadlines(idle: columns.optionalMoment(8), absolute: columns.optionalMoment(9))
        session.user = columns.optionalText(10)
        session.tenant = columns.optionalText(11)
        session.client = columns.optionalText(12)
        session.ip = columns.optionalText(13)
        session.agent = columns.optionalText(14)
        session.node = columns.optionalText(15)
        session.revocation = columns.revocation(16, 17, 18) ?? columns.revocation(22, 23, 24)
    }
}

extension Columns {
    fileprivate func revocation(_ at: Int32, _ by: Int32, _ reason: Int32) -> Revocation? {
        optionalMoment(at).map { Revocation(at: $0, by: text(by), reason: optionalText(reason)) }
    }
}
