public import Sessions

extension SigningKeyRing {
    /// The member of a key that tells from when on it signs, in seconds since 1970: others pass over it.
    private static let memberName = "signs_from"

    /// Reads a ring: a JWK Set of private keys, or a private key alone.
    ///
    /// A key that doesn't tell from when on it signs does so from the beginning of time.
    ///
    /// - Parameter bytes: an object of at most 64 KiB that names no member twice.
    /// - Throws: ``SessionsError`` with `invalidKey` where a key can't be used, has no `kid` or no private part.
    public init(parsing bytes: [UInt8]) throws {
        let json = try JSONValue(keys: bytes)
        var keys = [json]
        if case .array(let elements)? = json["keys"] { keys = elements }
        try self.init(entries: keys.map { Entry(key: try JSONWebKey(json: $0), signsFrom: try Self.moment($0)) })
    }

    /// The whole ring as JSON.
    ///
    /// Secret: for a file of mode 0600 alone.
    public var secretJSON: JSONValue {
        let keys = entries.map { entry in
            let seconds = JSONValue.integer(entry.signsFrom.milliseconds / 1000)
            guard case .object(let members) = entry.key.secretJSON else { return entry.key.secretJSON }
            return .object(members + [.init(Self.memberName, seconds)])
        }
        return ["keys": .array(keys)]
    }

    private static func moment(_ key: JSONValue) throws -> Timestamp {
        guard let value = key[memberName] else { return Timestamp(milliseconds: 0) }
        guard case .number(let digits) = value, let seconds = Int64(digits), (0...253_402_300_799).contains(seconds)
        else { throw JWKMembers.unusable("\(memberName) of a key is no number of seconds since 1970") }
        return Timestamp(milliseconds: seconds * 1000)
    }
}

extension SigningKeyRing: CustomStringConvertible, CustomReflectable {
    /// The ids alone: a key is never printed by accident.
    public var description: String { "SigningKeyRing(\(entries.map { $0.key.id ?? "" }.joined(separator: ", ")))" }

    /// The ids alone, for `dump` and debuggers' summaries.
    public var customMirror: Mirror { Mirror(self, children: ["ids": entries.map { $0.key.id ?? "" }]) }
}
