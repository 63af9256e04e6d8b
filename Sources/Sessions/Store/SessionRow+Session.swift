extension SessionRow {
    /// What a list shows of a session that is at hand whole.
    ///
    /// - Parameters:
    ///   - session: the session.
    ///   - isCut: whether a cut-off ends it.
    ///   - byteCount: the size of its payload as stored, in bytes.
    public init(_ session: Session, isCut: Bool, byteCount: Int?) {
        self.init(id: session.id, state: isCut && session.state == .live ? .revoked : session.state)
        user = session.user
        created = session.created
        seen = session.seen
        deadlines = session.deadlines
        ip = session.ip
        agent = session.agent
        node = session.node
        self.byteCount = byteCount
        revokedAt = session.revocation?.at
    }
}

extension SessionDetail {
    /// Makes a detail from a row and the session that is at hand whole.
    ///
    /// - Parameters:
    ///   - row: what a list shows of it.
    ///   - session: the session, with the revocation of the cut-off that ends it.
    ///   - payload: its payload as stored; `nil`: it may not be read.
    ///   - namespace: the namespace that the payload is sealed for.
    ///   - location: where it lies.
    public init(
        row: SessionRow, session: Session, payload: Payload?, namespace: String,
        location: [(name: String, value: String)]
    ) {
        self.init(row: row, namespace: namespace, location: location)
        version = session.version
        authenticated = session.authenticated
        revocation = session.revocation
        tenant = session.tenant
        client = session.client
        self.payload = payload
    }
}
