internal import Sessions

extension TokenClaims {
    /// Reads claims from an object.
    ///
    /// - Throws: `badClaim`, unless it is gathered: what can't be read is then left out.
    init(_ json: JSONValue, _ findings: inout Findings) throws(TokenRefusal) {
        self.init()
        guard case .object(let members) = json else { return }
        for member in members where !read(member) {
            try findings.refuse(.badClaim, "\(member.name) has a value of the wrong kind, or is too long")
        }
    }

    /// Reads a member; `false`: its value is of the wrong kind.
    ///
    /// Only names known here stand in a message. Lengths are compared first: texts take longer.
    private mutating func read(_ member: JSONValue.Member) -> Bool {
        switch (member.name.utf8.count, member.name) {
        case (3, "iss"): Self.take(Self.name(member.value), &issuer)
        case (3, "sub"): Self.take(Self.name(member.value), &subject)
        case (3, "aud"): Self.take(Self.names(member.value), &audience)
        case (3, "exp"): Self.take(Self.moment(member.value), &expires)
        case (3, "nbf"): Self.take(Self.moment(member.value), &notBefore)
        case (3, "iat"): Self.take(Self.moment(member.value), &issued)
        case (3, "jti"): Self.take(Self.name(member.value), &id)
        case (9, "client_id"): Self.take(Self.name(member.value), &client)
        case (6, "tenant"): Self.take(Self.name(member.value), &tenant)
        case (3, "sid"): readSession(member)
        case (5, "epoch"): Self.take(Self.position(member.value), &epoch)
        case (5, "scope"): Self.take(Self.words(member.value), &scope)
        default: keep(member)
        }
    }

    private mutating func keep(_ member: JSONValue.Member) -> Bool {
        own.append(member)
        return true
    }

    /// What isn't a hash of ours is another issuer's business.
    private mutating func readSession(_ member: JSONValue.Member) -> Bool {
        guard case .string(let text) = member.value else { return false }
        if text.utf8.count == 43, let bytes = Base64URL.decode(text.utf8),
            let hash = bytes.withUnsafeBytes({ IDHash(bytes: $0) })
        {
            session = hash
        } else {
            own.append(member)
        }
        return true
    }

    private static func take<Value>(_ value: Value?, _ place: inout Value?) -> Bool {
        place = value
        return value != nil
    }

    private static func take<Value>(_ value: [Value]?, _ place: inout [Value]) -> Bool {
        place = value ?? []
        return value != nil
    }

    private static func name(_ value: JSONValue) -> String? {
        guard case .string(let text) = value, (1...TokenLimits.nameByteCount).contains(text.utf8.count) else {
            return nil
        }
        return text
    }

    private static func names(_ value: JSONValue) -> [String]? {
        guard case .array(let elements) = value else { return name(value).map { [$0] } }
        let names = elements.compactMap(name)
        return names.count == elements.count ? names : nil
    }

    private static func words(_ value: JSONValue) -> [String]? {
        guard case .string(let text) = value else { return nil }
        var words: [String] = []
        var start = text.utf8.startIndex
        while start < text.utf8.endIndex {
            let end = text.utf8[start...].firstIndex(of: UInt8(ascii: " ")) ?? text.utf8.endIndex
            if start < end { words.append(String(text[start..<end])) }
            start = end < text.utf8.endIndex ? text.utf8.index(after: end) : end
        }
        return words
    }

    private static func position(_ value: JSONValue) -> FeedPosition? {
        guard case .number(let digits) = value, let number = Int64(digits), number >= 0 else { return nil }
        return FeedPosition(number)
    }

    /// Seconds since 1970 up to the year 9999, with a fraction perhaps: no sign, no exponent.
    private static func moment(_ value: JSONValue) -> Timestamp? {
        guard case .number(let digits) = value else { return nil }
        if digits.utf8.count <= 12, let seconds = number(digits.utf8) {
            return seconds <= 253_402_300_799 ? Timestamp(milliseconds: seconds * 1000) : nil
        }
        let parts = digits.utf8.split(separator: UInt8(ascii: "."), maxSplits: 1)
        guard let whole = parts.first, whole.count <= 12, let seconds = number(whole), seconds <= 253_402_300_799
        else { return nil }
        guard parts.count == 2 else { return Timestamp(milliseconds: seconds * 1000) }
        guard parts[1].allSatisfy(isDigit) else { return nil }
        let thousandths = number((Array(parts[1].prefix(3)) + Array("000".utf8)).prefix(3)) ?? 0
        return Timestamp(milliseconds: seconds * 1000 + thousandths)
    }

    private static func number(_ digits: some Collection<UInt8>) -> Int64? {
        var value: Int64 = 0
        for byte in digits {
            guard isDigit(byte) else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        return value
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
