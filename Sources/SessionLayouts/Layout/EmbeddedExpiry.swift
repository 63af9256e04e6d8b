internal import Sessions

/// An expiry inside the payload, beside the store's own.
public enum EmbeddedExpiry: Sendable, Equatable {
    /// There is none.
    case none
    /// express-session's `cookie.expires`: where the store's expiry came from when the session was last written.
    case expressCookie
    /// starsessions' `__metadata__`: each request makes the store's expiry from it.
    case starsessions
    /// scs' `Deadline`: each write makes the store's expiry from it.
    case scs
    /// An entry of ActiveSupport's cache that takes itself for expired.
    case railsEntry

    /// What stands there, to show: name and value.
    func places(in data: JSONValue?, _ bytes: [UInt8]) -> [(name: String, value: String)] {
        switch self {
        case .none: return []
        case .expressCookie:
            return ["expires", "originalMaxAge"].compactMap { name in
                (data?["cookie"]?[name]).map { ("cookie.\(name)", $0.plainText) }
            }
        case .starsessions:
            guard let created = Self.number(data, "created"), let life = Self.number(data, "lifetime") else {
                return []
            }
            let moment = Timestamp(seconds: created + life)
            return [("__metadata__.lifetime", "\(life) s"), ("created + lifetime", moment.map { "\($0)" } ?? "never")]
        case .scs: return (data?["Deadline"]).map { [("Deadline", $0.plainText)] } ?? []
        case .railsEntry: return end(in: bytes).map { [("entry", "\($0)")] } ?? []
        }
    }

    /// The moment from which the library takes the session for gone, whatever the store says; `nil`: it doesn't.
    func end(in bytes: [UInt8]) -> Timestamp? { self == .railsEntry ? (try? Self.railsExpiry(bytes)) : nil }

    /// The payload with a later expiry: one that is later already stays, though the store's own is earlier.
    ///
    /// - Parameters:
    ///   - bytes: the payload as stored.
    ///   - data: what it was decoded to.
    ///   - moment: the new expiry.
    /// - Returns: the new payload; `nil`: nothing in it has to change.
    /// - Throws: ``Malformed`` where it would have to change, and can't.
    func moved(_ bytes: [UInt8], _ data: JSONValue?, to moment: Timestamp) throws(Malformed) -> [UInt8]? {
        switch self {
        case .none, .expressCookie: return nil
        case .starsessions: return try Self.starsessions(data, to: moment)
        case .scs: return try Self.scs(bytes, data, to: moment)
        case .railsEntry:
            guard let old = try Self.railsExpiry(bytes), moment > old else { return nil }
            guard let patched = RailsCacheEntry.patching(bytes, expires: moment) else {
                throw Malformed("keeps its expiry where it can't be moved")
            }
            return patched
        }
    }

    private static func number(_ data: JSONValue?, _ name: String) -> Double? {
        guard case .number(let digits) = data?["__metadata__"]?[name] else { return nil }
        return Double(digits)
    }

    /// When an entry of ActiveSupport's cache takes itself for expired; `nil`: never.
    ///
    /// From Rails 7.1 on the header says so, whatever the payload behind it is written in.
    private static func railsExpiry(_ bytes: [UInt8]) throws(Malformed) -> Timestamp? {
        guard bytes.starts(with: [0x00, 0x11]) else { return try RailsCacheEntry(bytes).expires }
        var reader = ByteReader(bytes)
        _ = try reader.take(3)
        let seconds = Double(bitPattern: try reader.littleEndian(8))
        if seconds < 0 { return nil }
        guard let moment = Timestamp(seconds: seconds) else { throw reader.malformed("expires at no possible moment") }
        return moment
    }

    /// Raises the lifetime: the moment of its beginning stays what it was.
    ///
    /// One of zero, with which the store's expiry is the longest that its application knows, is raised as well: else the
    /// next write would set that anew.
    private static func starsessions(_ data: JSONValue?, to moment: Timestamp) throws(Malformed) -> [UInt8]? {
        guard let created = number(data, "created"), let old = number(data, "lifetime"),
            case .object(var members) = data,
            let place = members.firstIndex(where: { $0.name == "__metadata__" }),
            case .object(var metadata) = members[place].value,
            let inner = metadata.firstIndex(where: { $0.name == "lifetime" })
        else { throw Malformed("has no __metadata__ with a lifetime") }
        let life = (Double(moment.milliseconds) / 1000 - created).rounded(.up)
        guard let seconds = Int(exactly: life), seconds > 0 else { throw Malformed("began at no possible moment") }
        guard life > old else { return nil }
        metadata[inner].value = .integer(seconds)
        members[place].value = .object(metadata)
        var bytes: [UInt8] = []
        JSONValue.object(members).write(to: &bytes)
        return bytes
    }

    /// Fifteen bytes of a fixed form: they are found by what they were decoded to, and replaced in place.
    private static func scs(_ bytes: [UInt8], _ data: JSONValue?, to moment: Timestamp) throws(Malformed) -> [UInt8]? {
        guard let deadline = data?["Deadline"]?.plainText else { throw Malformed("has no Deadline") }
        let mark: [UInt8] = [0x01, 0x0F, 0x01]
        for place in bytes.indices.dropLast(GoTime.byteCount + 1) where bytes[place...].starts(with: mark) {
            let start = place + 2
            let old = start..<start + GoTime.byteCount
            guard let time = GoTime(bytes[old]), "\(time.moment)" == deadline else { continue }
            guard moment > time.moment else { return nil }
            let moved: [UInt8] = bytes[..<start] + GoTime.bytes(moment) + bytes[old.upperBound...]
            return moved
        }
        throw Malformed("has no Deadline that could be replaced")
    }
}
