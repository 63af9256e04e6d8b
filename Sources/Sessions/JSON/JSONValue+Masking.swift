extension JSONValue {
    /// What stands in the place of a value that isn't shown.
    public static let mask = JSONValue.string("***")

    /// The value with everything replaced that looks like a secret: by its member's name, or by its own shape.
    ///
    /// A guess, on the side of hiding: what it leaves may still be private.
    public var masked: JSONValue {
        switch self {
        case .null, .bool, .number: self
        case .string(let text): SecretNames.looksLikeToken(text) ? Self.mask : self
        case .array(let elements): .array(elements.map(\.masked))
        case .object(let members):
            .object(members.map { Member($0.name, SecretNames.contains($0.name) ? $0.value.hidden : $0.value.masked) })
        }
    }

    /// There is nothing to hide in nothing, and an operator wants to know that it isn't set.
    private var hidden: JSONValue { self == .null ? .null : Self.mask }
}

/// Which names and texts look like secrets.
private enum SecretNames {
    /// Anywhere in the name, its letters alone taken.
    static let stems = [
        "password", "passwd", "passphrase", "passcode", "secret", "token", "csrf", "xsrf", "credential", "authoriz",
        "cookie", "sessionid", "sessid", "creditcard", "cardnumber", "apikey", "accesskey", "privatekey", "signature",
    ]
    /// As a word of the name.
    static let words: Set<String> = [
        "key", "keys", "pwd", "pass", "pin", "otp", "totp", "auth", "sid", "cvv", "cvc", "ssn", "iban", "jwt", "bearer",
        "salt", "hash", "pan", "card", "nonce", "seed", "cert", "mfa",
    ]

    static func contains(_ name: String) -> Bool {
        let parts = wordsOf(name)
        let letters = parts.joined()
        return parts.contains(where: words.contains) || stems.contains { letters.contains($0) }
    }

    /// A token in the form of a JWT, a header with a bearer, a key in PEM.
    static func looksLikeToken(_ text: String) -> Bool {
        text.hasPrefix("eyJ") && text.utf8.count(where: { $0 == UInt8(ascii: ".") }) >= 2
            || text.hasPrefix("Bearer ") || text.hasPrefix("-----BEGIN ")
    }

    /// `accessToken`, `access_token` and `ACCESS-TOKEN` are two words each.
    private static func wordsOf(_ name: String) -> [String] {
        var words: [String] = [""]
        var wasLower = false
        for character in name.prefix(256).utf8 {
            let letter = Unicode.Scalar(character)
            let isUpper = ("A"..."Z").contains(letter)
            let isPart = isUpper || ("a"..."z").contains(letter) || ("0"..."9").contains(letter)
            if !isPart || (isUpper && wasLower) { words.append("") }
            if isPart { words[words.count - 1] += letter.properties.lowercaseMapping }
            wasLower = isPart && !isUpper
        }
        return words.filter { !$0.isEmpty }
    }
}
