/// The claims that have a property of their own in ``TokenClaims``.
enum TypedClaim: Int {
    case issuer, subject, audience, expires, notBefore, issued, id, client, tenant, session, epoch, scope

    /// Their names, in that order.
    static let names = [
        "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "client_id", "tenant", "sid", "epoch", "scope",
    ]
    private static let words = names.compactMap { word($0.utf8) }

    /// The claim of a name, compared by bytes.
    init?(_ name: some Collection<UInt8>) {
        guard let word = Self.word(name), let place = Self.words.firstIndex(of: word) else { return nil }
        self.init(rawValue: place)
    }

    /// Its name.
    var name: String { Self.names[rawValue] }

    /// A name as one number, seven bits a character: no two have the same.
    ///
    /// `nil` for what is longer than any of them, or isn't ASCII.
    private static func word(_ name: some Collection<UInt8>) -> UInt64? {
        guard name.count <= 9 else { return nil }
        // The one in front tells how long it is.
        var (word, bits): (UInt64, UInt8) = (1, 0)
        for byte in name { (word, bits) = (word << 7 | UInt64(byte), bits | byte) }
        return bits < 0x80 ? word : nil
    }

    /// A set of them.
    struct Names: Sendable {
        private var bits: UInt16 = 0

        /// Whether a claim is among them.
        func contains(_ claim: TypedClaim) -> Bool { bits & 1 << UInt16(claim.rawValue) != 0 }

        /// Puts a claim in; `false`: it was there.
        @discardableResult
        mutating func insert(_ claim: TypedClaim) -> Bool {
            defer { bits |= 1 << UInt16(claim.rawValue) }
            return !contains(claim)
        }
    }
}
