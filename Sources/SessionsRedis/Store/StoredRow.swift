internal import Sessions

/// A session's row as a key holds it: everything but the payload, which lies under a key of its own.
///
/// Both a list and a user without a right to payloads read rows alone. The scripts know the order of the values.
struct StoredRow {
    var state: SessionState
    var version: Int64
    var epoch: FeedPosition
    /// Its number in the order in which sessions were made.
    var place: Int64
    var created: Timestamp
    var authenticated: Timestamp?
    var seen: Timestamp
    var deadlines: Deadlines
    var user: String?
    var tenant: String?
    var client: String?
    var ip: String?
    var agent: String?
    var node: String?
    var byteCount: Int
    var revocation: Revocation?
}

extension StoredRow {
    /// Reads a row.
    ///
    /// Values that a newer version adds at the end are passed over.
    init(_ bytes: [UInt8]) throws {
        var reader = try PackedReader(bytes)
        state = try Self.state(try reader.withOptionalBytes { $0.first } ?? nil)
        version = try reader.integer()
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
        byteCount = Int(try reader.integer())
        revocation = try reader.optionalRevocation()
    }

    /// A new session's row; the script that inserts it puts in the epoch and the place.
    static func packed(_ session: Session) -> [UInt8] {
        var writer = PackedWriter()
        writer.add(letter(session.state))
        writer.add(session.version)
        writer.add(0)
        writer.add(0)
        writer.add(session.created)
        writer.add(session.authenticated)
        writer.add(session.seen)
        writer.add(session.deadlines.idle)
        writer.add(session.deadlines.absolute)
        for text in [session.user, session.tenant, session.client, session.ip, session.agent, session.node] {
            writer.add(text)
        }
        writer.add(Int64(session.payload.bytes.count))
        writer.add(session.revocation?.at)
        writer.add(session.revocation?.by)
        writer.add(session.revocation?.reason)
        return writer.bytes
    }

    private static func letter(_ state: SessionState) -> String { String(state.rawValue.prefix(1)) }

    private static func state(_ letter: UInt8?) throws -> SessionState {
        switch letter {
        case UInt8(ascii: "l"): return .live
        case UInt8(ascii: "r"): return .revoked
        case UInt8(ascii: "e"): return .expired
        default: throw PackedReader.corrupt
        }
    }
}

extension StoredRow {
    /// How it stands at a moment, where a cut-off ends it or not: the rule of `Session.standing(at:cutoffs:)`.
    func standing(at now: Timestamp, cut: Revocation?) -> SessionState {
        if state != .live { return state }
        if cut != nil { return .revoked }
        return deadlines.havePassed(at: now) ? .expired : .live
    }

    /// What a list shows, where a cut-off ends it or not.
    func listed(as id: IDHash, cut: Revocation?) -> SessionRow {
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
    func session(as id: IDHash, payload: Payload, cut: Revocation?) -> Session {
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

/// A payload as a key holds it: the length of its key's name and one, the name, the bytes; 0 for plain ones.
enum StoredPayload {
    static func packed(_ payload: Payload) throws -> [UInt8] {
        guard let name = payload.keyID?.utf8 else { return [0] + payload.bytes }
        guard name.count < 255 else {
            throw SessionsError(
                .invalidKey, "the name of a payload's key is longer than 254 bytes: give it a short one")
        }
        return [UInt8(name.count + 1)] + name + payload.bytes
    }

    static func read(_ bytes: [UInt8]) throws -> Payload {
        guard let length = bytes.first, Int(length) <= bytes.count else { throw PackedReader.corrupt }
        guard length > 0 else { return Payload(bytes: Array(bytes.dropFirst())) }
        return Payload(
            keyID: String(decoding: bytes[1..<Int(length)], as: UTF8.self), bytes: Array(bytes[Int(length)...]))
    }
}
