internal import Sessions

/// An entry of ActiveSupport's cache: the session, and an expiry of its own beside the store's.
struct RailsCacheEntry {
    /// The session.
    let data: JSONValue
    /// When the entry takes itself for expired; `nil`: never, or not known.
    let expires: Timestamp?

    /// Where the eight bytes of the expiry are, in Rails 7.1 and later.
    private static let expiryOffset = 3

    /// Reads an entry of either form.
    init(_ bytes: [UInt8]) throws(Malformed) {
        if bytes.starts(with: [0x00, 0x11]) {
            try self.init(coded: bytes)
        } else {
            try self.init(marshalled: bytes)
        }
    }

    /// Rails up to 6.1, and the format of 6.1: a marshalled object.
    private init(marshalled bytes: [UInt8]) throws(Malformed) {
        let (marshal, root) = try RubyMarshal.whole(bytes)
        let graph = marshal.graph
        guard case .instance("ActiveSupport::Cache::Entry", let fields) = graph.nodes[root] else {
            throw Malformed("is no cache entry of Rails")
        }
        func field(_ name: String) -> ValueGraph.Place? { fields.first { graph.text(at: $0.name) == name }?.value }
        guard let value = field("@value") ?? field("@v") else { throw Malformed("is a cache entry without a value") }
        if field("@compressed").map({ graph.text(at: $0) == "true" }) ?? false,
            case .bytes(let packed) = graph.nodes[value]
        {
            data = try RubyMarshal.value(try Inflate.zlib(Array(packed)))
        } else {
            data = try graph.tree(at: value)
        }
        let created = field("@created_at").flatMap { graph.text(at: $0) }.flatMap(Double.init)
        let life = field("@expires_in").flatMap { graph.text(at: $0) }.flatMap(Double.init)
        expires = created.flatMap { created in life.flatMap { Timestamp(seconds: created + $0) } }
    }

    /// Rails 7.1 and later: a signature, a type, the expiry, a version, the payload.
    private init(coded bytes: [UInt8]) throws(Malformed) {
        var reader = ByteReader(bytes)
        _ = try reader.take(2)
        let type = try reader.byte()
        let seconds = Double(bitPattern: try reader.littleEndian(8))
        let version = Int32(truncatingIfNeeded: try reader.littleEndian(4))
        if version > 0 { _ = try reader.take(Int(version)) }
        var payload = Array(try reader.take(reader.remaining))
        if type & 0x80 != 0 { payload = try Inflate.zlib(payload) }
        data = try RubyMarshal.value(payload)
        expires = seconds < 0 ? nil : Timestamp(seconds: seconds)
    }

    /// The entry with another expiry; `nil`: its form has no place where that could be written.
    static func patching(_ bytes: [UInt8], expires: Timestamp) -> [UInt8]? {
        guard bytes.starts(with: [0x00, 0x11]), bytes.count >= expiryOffset + 8 else { return nil }
        let pattern = (Double(expires.milliseconds) / 1000).bitPattern
        var patched = bytes
        for place in 0..<8 { patched[expiryOffset + place] = UInt8(truncatingIfNeeded: pattern >> UInt64(8 * place)) }
        return patched
    }
}

extension Timestamp {
    /// A moment from seconds since 1970, to the millisecond; `nil` for what is no moment.
    init?(seconds: Double) {
        let milliseconds = (seconds * 1000).rounded()
        guard let whole = Int64(exactly: milliseconds) else { return nil }
        self.init(milliseconds: whole)
    }
}
