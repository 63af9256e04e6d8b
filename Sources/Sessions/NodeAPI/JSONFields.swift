/// The members of a JSON object that a stranger wrote, read one by one; nothing is taken on trust.
///
/// Every function throws `SessionsError` with `corrupt` for what isn't as it must be. The message names the member, never
/// its value.
package struct JSONFields: Sendable {
    /// The object.
    package let json: JSONValue

    /// Takes an object; anything else is malformed.
    package init(_ value: JSONValue) throws {
        guard case .object = value else { throw Self.malformed("an object") }
        json = value
    }

    /// A member's value; `nil` where it is missing or null.
    package func value(_ name: String) -> JSONValue? {
        let found = json[name]
        return found == .null ? nil : found
    }

    package func text(_ name: String) throws -> String { try required(optionalText(name), name) }

    package func optionalText(_ name: String) throws -> String? {
        guard let found = value(name) else { return nil }
        guard case .string(let text) = found else { throw Self.malformed(name) }
        return text
    }

    package func integer(_ name: String) throws -> Int64 { try required(optionalInteger(name), name) }

    package func optionalInteger(_ name: String) throws -> Int64? {
        guard let found = value(name) else { return nil }
        guard case .number(let digits) = found, let number = Int64(digits) else { throw Self.malformed(name) }
        return number
    }

    /// A whole number from 0 to 2^53, for counts: sums of a few can't overflow.
    package func count(_ name: String) throws -> Int {
        guard let number = Int(exactly: try integer(name)), (0...1 << 53).contains(number) else {
            throw Self.malformed(name)
        }
        return number
    }

    package func flag(_ name: String) throws -> Bool {
        switch value(name) {
        case nil: return false
        case .bool(let flag): return flag
        default: throw Self.malformed(name)
        }
    }

    package func time(_ name: String) throws -> Timestamp { try required(optionalTime(name), name) }

    package func optionalTime(_ name: String) throws -> Timestamp? {
        guard let text = try optionalText(name) else { return nil }
        return try required(Timestamp(rfc3339: text), name)
    }

    /// Seconds, to the millisecond.
    package func duration(_ name: String) throws -> Duration {
        guard case .number(let digits) = value(name), let seconds = Double(digits), abs(seconds) < 9e15 else {
            throw Self.malformed(name)
        }
        return .milliseconds(Int64((seconds * 1000).rounded()))
    }

    package func id(_ name: String) throws -> IDHash { try required(IDHash(hexadecimal: try text(name)), name) }

    /// Bytes in base64url.
    package func bytes(_ name: String) throws -> [UInt8] {
        try required(Base64URL.decode(try text(name).utf8), name)
    }

    package func object(_ name: String) throws -> JSONFields { try JSONFields(try required(value(name), name)) }

    /// The elements of an array, at most so many; none where it is missing.
    package func list(_ name: String, limit: Int = 10_000) throws -> [JSONValue] {
        guard let found = value(name) else { return [] }
        guard case .array(let elements) = found, elements.count <= limit else { throw Self.malformed(name) }
        return elements
    }

    package func ids(_ name: String, limit: Int = 10_000) throws -> [IDHash] {
        try list(name, limit: limit).map { element in
            guard case .string(let text) = element, let id = IDHash(hexadecimal: text) else {
                throw Self.malformed(name)
            }
            return id
        }
    }

    /// A list of words of a kind.
    package func words<Word: RawRepresentable<String>>(_ name: String, limit: Int = 10_000) throws -> [Word] {
        try list(name, limit: limit).map { element in
            guard case .string(let text) = element, let word = Word(rawValue: text) else { throw Self.malformed(name) }
            return word
        }
    }

    /// Bytes that a parameter carries.
    package static func bytes(base64url text: some StringProtocol, _ name: String) throws -> [UInt8] {
        guard let bytes = Base64URL.decode(text.utf8) else { throw malformed(name) }
        return bytes
    }

    /// One of a few words.
    package func word<Word: RawRepresentable<String>>(_ name: String, as type: Word.Type = Word.self) throws -> Word {
        try required(Word(rawValue: try text(name)), name)
    }

    private func required<Value>(_ value: Value?, _ name: String) throws -> Value {
        guard let value else { throw Self.malformed(name) }
        return value
    }

    /// What is said of a member that isn't as it must be.
    package static func malformed(_ name: String) -> SessionsError {
        SessionsError(.corrupt, "\(name) is missing or malformed in what was sent")
    }
}
