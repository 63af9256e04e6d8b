extension JSONValue {
    /// What stands in the place of a value that isn't shown.
    public static let mask = JSONValue.string("***")

    /// The value with everything replaced that looks like a secret: by its member's name, or by its own shape.
    ///
    /// Texts that hold JSON, or what PHP serialized, are looked into. A guess, on the side of hiding: what it leaves may
    /// still be private.
    public var masked: JSONValue { masked(inText: false) }

    private func masked(inText: Bool) -> JSONValue {
        switch self {
        case .null, .bool, .number: self
        case .string(let text): Self.masked(text, inText: inText)
        case .array(let elements): .array(elements.map { $0.masked(inText: inText) })
        case .object(let members):
            .object(
                members.map { member in
                    let isSecret = SecretNames.contains(member.name)
                    return Member(member.name, isSecret ? member.value.hidden : member.value.masked(inText: inText))
                })
        }
    }

    /// JSON in a text is masked member by member.
    ///
    /// Not so the JSON in a text of its: with each level that is written anew, escapes would double. That, and what isn't
    /// read here, is hidden as a whole where a secret is named in it.
    private static func masked(_ text: String, inText: Bool) -> JSONValue {
        guard !SecretNames.looksLikeToken(text) else { return mask }
        guard SecretNames.isStructured(text) else { return .string(text) }
        guard !inText, let value = JSONValue(parsing: Array(text.utf8)) else {
            return SecretNames.areNamed(in: text) ? mask : .string(text)
        }
        let masked = value.masked(inText: true)
        return masked == value ? .string(text) : .string(masked.description)
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
        // Most pieces of a list are shorter than any word.
        guard name.utf8.count >= 3 else { return false }
        let parts = wordsOf(name)
        if parts.contains(where: words.contains) { return true }
        let letters = parts.joined()
        return letters.utf8.count >= 4 && stems.contains { letters.contains($0) }
    }

    /// How a header with a bearer begins, a key in PEM, a password's hash by bcrypt or Argon2.
    private static let beginnings = ["Bearer ", "-----BEGIN ", "$2a$", "$2b$", "$2y$", "$argon2"]

    /// A token in the form of a JWT, or another secret that is known by its beginning.
    static func looksLikeToken(_ text: String) -> Bool {
        text.hasPrefix("eyJ") && text.utf8.count(where: { $0 == UInt8(ascii: ".") }) >= 2
            || beginnings.contains { text.hasPrefix($0) }
    }

    /// Whether a text begins as an object or an array does, in JSON or as PHP's `serialize` writes it: `{`, `a:2:`.
    static func isStructured(_ text: String) -> Bool {
        let start = Array(text.utf8.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }.prefix(3))
        guard let first = start.first else { return false }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return true }
        // A class with a form of its own, and a text that was serialized twice, hold one.
        guard start.count == 3, "aOCs".utf8.contains(first), start[1] == UInt8(ascii: ":") else { return false }
        return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(start[2])
    }

    /// What parts names and values from each other, in any notation.
    private static let separators = Set("\"'\\;:,=&(){}[] \t\r\n".utf8)
    /// A longer text isn't looked through.
    private static let byteLimit = 256 << 10

    /// Whether a secret's name, or a token, is anywhere in a text; or the text is too long to tell.
    static func areNamed(in text: String) -> Bool {
        guard text.utf8.count <= byteLimit else { return true }
        return text.utf8.split { separators.contains($0) }.contains { piece in
            let word = String(Substring(piece))
            return contains(word) || looksLikeToken(word)
        }
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
