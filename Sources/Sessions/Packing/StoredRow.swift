/// A session's row as stores of keys and values hold it: everything but the payload.
///
/// A list, and a user without a right to payloads, read rows alone. Redis scripts know the order of the values.
package struct StoredRow: Sendable, Equatable {
    package var state: SessionState
    package var version: Int64
    package var epoch: FeedPosition
    /// Its number in the order in which sessions were made.
    package var place: Int64
    package var created: Timestamp
    package var authenticated: Timestamp?
    package var seen: Timestamp
    package var deadlines: Deadlines
    package var user: String?
    package var tenant: String?
    package var client: String?
    package var ip: String?
    package var agent: String?
    package var node: String?
    package var byteCount: Int
    package var revocation: Revocation?
}

extension StoredRow {
    /// Reads a row.
    ///
    /// Values that a newer version adds at the end are passed over.
    package init(_ bytes: [UInt8]) throws {
        var reader = try PackedReader(bytes)
        guard let state = SessionState(letter: try reader.withOptionalBytes { $0.first } ?? nil) else {
            throw PackedReader.corrupt
        }
        self.state = state
        // Whoever saves counts one on, and scripts of Redis count no further than this.
        version = min(try reader.integer(), 1 << 53)
        epoch = try reader.position()
        place = try reader.integer()
        created = try reader.moment()
        authenticated = try reader.optionalMoment()
        seen = try reader.moment()
        deadlines = Deadlines(idle: try reader.optionalMoment(), absolute: try reader.optionalMoment())
        user = try reader.optionalText()
        tenant = try reader.optionalText()
        client = try reader.optionalText()
        ip = try reader.optionalText()
        agent = try reader.optionalText()
        node = try reader.optionalText()
        byteCount = Int(toldSize: try reader.integer())
        revocation = try reader.optionalRevocation()
    }

    /// A new session's row; whoever inserts it puts in the epoch and the place.
    package init(_ session: Session) {
        state = session.state
        version = session.version
        epoch = .start
        place = 0
        created = session.created
        authenticated = session.authenticated
        seen = session.seen
        deadlines = session.deadlines
        user = session.user
        tenant = session.tenant
        client = session.client
        ip = session.ip
        agent = session.agent
        node = session.node
        byteCount = session.payload.bytes.count
        revocation = session.revocation
    }

    /// The row as it is kept.
    package var packed: [UInt8] {
        var writer = PackedWriter()
        writer.add(Self.letter(state))
        writer.add(version)
        writer.add(epoch.value)
        writer.add(place)
        writer.add(created)
        writer.add(authenticated)
        writer.add(seen)
        writer.add(deadlines.idle)
        writer.add(deadlines.absolute)
        for text in [user, tenant, client, ip, agent, node] { writer.add(text) }
        writer.add(Int64(byteCount))
        writer.add(revocation?.at)
        writer.add(revocation?.by)
        writer.add(revocation?.reason)
        return writer.bytes
    }

    private static func letter(_ state: SessionState) -> String { String(state.rawValue.prefix(1)) }
}

extension StoredRow {
    /// How it stands at a moment, where a cut-off ends it or not.
    package func standing(at now: Timestamp, cut: Revocation?) -> SessionState {
        state.standing(at: now, isCut: cut != nil, deadlines)
    }

    /// What a list shows, where a cut-off ends it or not.
    package func listed(as id: IDHash, cut: Revocation?) -> SessionRow {
        let cut = state == .live ? cut : nil
        var row = SessionRow(id: id, state: cut == nil ? state : .revoked)
        row.user = user
        row.created = created
        row.seen = seen
        row.deadlines = deadlines
        row.ip = ip
        row.agent = agent
        row.node = node
        row.byteCount = byteCount
        row.revokedAt = cut?.at ?? revocation?.at
        return row
    }

    /// The session, where a cut-off ends it or not.
    package func session(as id: IDHash, payload: Payload, cut: Revocation?) -> Session {
        var session = Session(
            id: id, user: user, tenant: tenant, client: client, created: created, lifetime: .office, payload: payload)
        session.state = state
        session.version = version
        session.epoch = epoch
        session.authenticated = authenticated
        session.seen = seen
        session.deadlines = deadlines
        session.ip = ip
        session.agent = agent
        session.node = node
        session.revocation = state == .live ? cut : revocation
        return session
    }
}
