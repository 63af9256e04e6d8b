/// A whole live session as bytes, for a copy in a shared cache.
///
/// A byte for the format, eight for when the copy is worth nothing any more, then the fields in order: numbers as eight
/// bytes, big-endian; texts and bytes with their length before them; what may be missing with a byte that says whether it
/// is there. The id and the version aren't among them: they are authenticated where the bytes are sealed.
enum SessionCoding {
    /// What is longer is neither written nor read.
    static let longest = 1_000_000
    private static let format: UInt8 = 1

    /// Writes a live session; `nil` where it would be too long.
    static func encode(_ session: Session, until: Timestamp) -> [UInt8]? {
        var writer = Writer()
        writer.bytes.append(format)
        writer.put(until)
        writer.put(session.epoch.value)
        writer.put(session.created)
        writer.put(session.seen)
        for moment in [session.authenticated, session.deadlines.idle, session.deadlines.absolute] { writer.put(moment) }
        for text in [session.user, session.tenant, session.client, session.ip, session.agent, session.node] {
            writer.put(text)
        }
        writer.put(session.payload.bytes)
        return writer.bytes.count <= longest ? writer.bytes : nil
    }

    /// Reads a session; `nil` where the bytes are of another format, cut short, too long or followed by others.
    static func decode(
        _ bytes: [UInt8], id: IDHash, version: Int64
    ) -> (session: Session, until: Timestamp)? {
        guard bytes.count <= longest, bytes.first == format else { return nil }
        var reader = Reader(rest: bytes.dropFirst())
        guard let until = reader.moment(), let epoch = reader.number(), let created = reader.moment(),
            let seen = reader.moment(), let authenticated = reader.optional({ $0.moment() }),
            let idle = reader.optional({ $0.moment() }), let absolute = reader.optional({ $0.moment() }),
            let user = reader.optional({ $0.text() }), let tenant = reader.optional({ $0.text() }),
            let client = reader.optional({ $0.text() }), let ip = reader.optional({ $0.text() }),
            let agent = reader.optional({ $0.text() }), let node = reader.optional({ $0.text() }),
            let payload = reader.chunk(), reader.rest.isEmpty
        else { return nil }
        var session = Session(
            id: id, user: user, tenant: tenant, client: client, created: created, lifetime: .office,
            payload: Payload(bytes: Array(payload)))
        session.version = version
        session.epoch = FeedPosition(epoch)
        session.authenticated = authenticated
        session.seen = seen
        session.deadlines = Deadlines(idle: idle, absolute: absolute)
        (session.ip, session.agent, session.node) = (ip, agent, node)
        return (session, until)
    }
}

private struct Writer {
    var bytes: [UInt8] = []

    mutating func put(_ number: Int64) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func put(_ moment: Timestamp) { put(moment.milliseconds) }

    mutating func put(_ moment: Timestamp?) {
        bytes.append(moment == nil ? 0 : 1)
        if let moment { put(moment) }
    }

    mutating func put(_ chunk: some Collection<UInt8>) {
        withUnsafeBytes(of: UInt32(clamping: chunk.count).bigEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: chunk)
    }

    mutating func put(_ text: String?) {
        bytes.append(text == nil ? 0 : 1)
        if let text { put(text.utf8) }
    }
}

private struct Reader {
    var rest: ArraySlice<UInt8>

    mutating func number() -> Int64? {
        guard rest.count >= 8 else { return nil }
        defer { rest = rest.dropFirst(8) }
        return Int64(bitPattern: rest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }

    mutating func moment() -> Timestamp? { number().map(Timestamp.init(milliseconds:)) }

    mutating func chunk() -> ArraySlice<UInt8>? {
        guard rest.count >= 4 else { return nil }
        let length = Int(rest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) })
        guard rest.count - 4 >= length else { return nil }
        defer { rest = rest.dropFirst(4 + length) }
        return rest.dropFirst(4).prefix(length)
    }

    mutating func text() -> String? { chunk().flatMap { String(validating: $0, as: UTF8.self) } }

    /// Something that may be missing; `nil` where the bytes are wrong.
    mutating func optional<Value>(_ read: (inout Reader) -> Value?) -> Value?? {
        switch rest.popFirst() {
        case 0: .some(nil)
        case 1: read(&self).map { .some($0) }
        default: nil
        }
    }
}
