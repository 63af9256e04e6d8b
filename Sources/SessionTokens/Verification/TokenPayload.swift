internal import Sessions

/// The claims of a token as they stand there, and as they were read.
///
/// They are read in one go, and what is likely to stand there isn't made anew: a service does this for each request.
struct TokenPayload: Sendable {
    /// An object of JSON that has one meaning.
    let bytes: [UInt8]
    private(set) var claims = TokenClaims()
    /// The typed claims that stand there, `null` or not.
    private var named = TypedClaim.Names()
    /// Those that say nothing: their value is `null`.
    private var empty = TypedClaim.Names()
    /// Those whose value is of the wrong kind, or too long: they are left out.
    private(set) var misfits: [TypedClaim] = []

    /// Reads an object.
    ///
    /// - Parameters:
    ///   - bytes: what was signed; any may come.
    ///   - likely: what will stand there most of the time.
    /// - Throws: why it is no object that means one thing.
    init(_ bytes: [UInt8], likely: Likely = Likely()) throws(JSONFault) {
        self.bytes = bytes
        if let fault = read(likely) { throw fault }
    }

    /// What most tokens say that come to a service.
    struct Likely: Sendable {
        var issuer: String?
        var audience: [String] = []
    }

    private mutating func read(_ likely: Likely) -> JSONFault? {
        bytes.withUnsafeBufferPointer { bytes in
            var reader = JSONReader(bytes, depthLimit: TokenLimits.depth, isStrict: true)
            let isWhole = reader.members { reader, name in read(name, &reader, likely) } && reader.isAtEnd()
            guard isWhole else { return reader.fault }
            return JSONReader.hasTwins(claims.own) ? .duplicateMember : nil
        }
    }

    /// The whole of it, read anew.
    var json: JSONValue { (try? JSONValue(strict: bytes, depthLimit: TokenLimits.depth)) ?? .object([]) }

    /// Whether a claim stands there, and says anything: `null` doesn't.
    func has(_ name: String) -> Bool {
        if let claim = TypedClaim(name.utf8) { return has(claim) }
        return claims.own.contains { $0.name.hasBytes(of: name) && $0.value != .null }
    }

    /// The same for a typed one.
    func has(_ claim: TypedClaim) -> Bool { named.contains(claim) && !empty.contains(claim) }
}

// MARK: - Reading

extension TokenPayload {
    /// Reads the value of a member; `false`: it is none, or the name has come before.
    private mutating func read(
        _ name: UnsafeBufferPointer<UInt8>, _ reader: inout JSONReader, _ likely: Likely
    ) -> Bool {
        guard let claim = TypedClaim(name) else {
            guard let value = reader.value(depth: 1) else { return false }
            if claims.own.isEmpty { claims.own.reserveCapacity(4) }
            claims.own.append(.init(String(decoding: name, as: UTF8.self), value))
            return true
        }
        guard named.insert(claim) else { return reader.fail(.duplicateMember) ?? false }
        let fits = reader.piece(depth: 1) { piece in
            if case .other(.null) = piece { empty.insert(claim) }
            return take(piece, as: claim, likely)
        }
        if fits == false { misfits.append(claim) }
        return fits != nil
    }

    /// Takes a value; `false`: it is of the wrong kind.
    private mutating func take(_ piece: JSONReader.Piece, as claim: TypedClaim, _ likely: Likely) -> Bool {
        switch claim {
        case .issuer: Self.put(piece.name(likely: likely.issuer), &claims.issuer)
        case .subject: Self.put(piece.name(), &claims.subject)
        case .audience: Self.put(piece.names(likely: likely.audience), &claims.audience)
        case .expires: Self.put(piece.moment, &claims.expires)
        case .notBefore: Self.put(piece.moment, &claims.notBefore)
        case .issued: Self.put(piece.moment, &claims.issued)
        case .id: Self.put(piece.name(), &claims.id)
        case .client: Self.put(piece.name(), &claims.client)
        case .tenant: Self.put(piece.name(), &claims.tenant)
        case .session: takeSession(piece)
        case .epoch: Self.put(piece.position, &claims.epoch)
        case .scope: Self.put(piece.words, &claims.scope)
        }
    }

    /// What isn't a hash of ours is another issuer's business.
    private mutating func takeSession(_ piece: JSONReader.Piece) -> Bool {
        guard case .text(let units) = piece else { return false }
        if units.count == 43, let bytes = Base64URL.decode(units) {
            claims.session = bytes.withUnsafeBytes { IDHash(bytes: $0) }
        } else {
            claims.own.append(.init(TypedClaim.session.name, .string(String(decoding: units, as: UTF8.self))))
        }
        return true
    }

    private static func put<Value>(_ value: Value?, _ place: inout Value?) -> Bool {
        place = value
        return value != nil
    }

    private static func put<Value>(_ values: [Value]?, _ place: inout [Value]) -> Bool {
        place = values ?? []
        return values != nil
    }
}

extension JSONReader.Piece {
    /// A name of the length that names have; one that is likely isn't made anew.
    fileprivate func name(likely known: String? = nil) -> String? {
        guard case .text(let units) = self, TokenPayload.isName(units.count) else { return nil }
        if let known, known.hasBytes(of: units) { return known }
        return String(decoding: units, as: UTF8.self)
    }

    /// One name, or several.
    fileprivate func names(likely known: [String]) -> [String]? {
        guard case .other(.array(let elements)) = self else {
            if case .text(let units) = self, known.count == 1, known[0].hasBytes(of: units) { return known }
            return name().map { [$0] }
        }
        let names = elements.compactMap { element in
            if case .string(let name) = element, TokenPayload.isName(name.utf8.count) { name } else { String?.none }
        }
        return names.count == elements.count ? names : nil
    }

    /// Words with spaces between.
    fileprivate var words: [String]? {
        guard case .text(let units) = self else { return nil }
        var (words, start): ([String], Int) = ([], 0)
        for end in 0...units.count where end == units.count || units[end] == UInt8(ascii: " ") {
            if start < end { words.append(String(decoding: units[start..<end], as: UTF8.self)) }
            start = end + 1
        }
        return words
    }

    fileprivate var position: FeedPosition? {
        guard case .number(let digits) = self, digits.count <= 19,
            let number = Int64(String(decoding: digits, as: UTF8.self)), number >= 0
        else { return nil }
        return FeedPosition(number)
    }

    /// Seconds since 1970 up to the year 9999, with a fraction perhaps: no sign, no exponent.
    fileprivate var moment: Timestamp? {
        guard case .number(let digits) = self else { return nil }
        let whole = digits.prefix { $0 != UInt8(ascii: ".") }
        guard whole.count <= 12, let seconds = Self.number(whole), seconds <= 253_402_300_799 else { return nil }
        guard whole.count < digits.count else { return Timestamp(milliseconds: seconds * 1000) }
        let fraction = digits[(whole.endIndex + 1)...]
        guard fraction.allSatisfy(Self.isDigit) else { return nil }
        let thousandths = (0..<3).reduce(0) { sum, place in
            sum * 10 + (place < fraction.count ? Int64(fraction[fraction.startIndex + place] - UInt8(ascii: "0")) : 0)
        }
        return Timestamp(milliseconds: seconds * 1000 + thousandths)
    }

    private static func number(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> Int64? {
        var value: Int64 = 0
        for byte in digits {
            guard isDigit(byte) else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        return value
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

extension TokenPayload {
    /// Whether a name of so many bytes may stand in a token.
    fileprivate static func isName(_ byteCount: Int) -> Bool { (1...TokenLimits.nameByteCount).contains(byteCount) }
}
