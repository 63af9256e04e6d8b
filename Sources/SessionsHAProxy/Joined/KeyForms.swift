internal import Sessions

/// What the key of a stick table may be called by the store of the sessions.
///
/// HAProxy sticks to what stands in the cookie. A store goes by the id in it: the same bytes, or what is left of them when
/// an encoding or a signature has been taken off, or a digest that one of the two took.
enum KeyForms {
    /// The sessions that a key may mean, the likeliest first, each once.
    static func sessions(_ key: [UInt8], of kind: TableHeader.Kind) -> [IDHash] {
        var forms = [IDHash(stickKey: key, of: kind)]
        func add(_ form: IDHash) { if !forms.contains(form) { forms.append(form) } }
        if kind == .string {
            // A digest in hexadecimal: `stick on req.cook(id),sha2(256),hex`.
            if key.count == 64, let digest = Hex.decode(key), let id = IDHash(digest: digest) { add(id) }
            let decoded = percentDecoded(key)
            add(IDHash(hashing: decoded))
            for id in [unsigned(decoded), quoted(decoded), base64(decoded)].compactMap(\.self) {
                add(IDHash(stickKey: id, of: .string))
            }
        }
        return forms
    }

    /// `s:ID.SIGNATURE`, as Express writes it, and `ID.SIGNATURE` or `ID--SIGNATURE`, as others do.
    private static func unsigned(_ text: [UInt8]) -> [UInt8]? {
        if text.starts(with: "s:".utf8), let dot = text.lastIndex(of: UInt8(ascii: ".")) { return Array(text[2..<dot]) }
        guard let dot = text.lastIndex(of: UInt8(ascii: ".")), dot > 0 else { return nil }
        return Array(text[..<dot])
    }

    private static func quoted(_ text: [UInt8]) -> [UInt8]? {
        let quote = UInt8(ascii: "\"")
        guard text.count > 2, text.first == quote, text.last == quote else { return nil }
        return Array(text.dropFirst().dropLast())
    }

    /// Base64 of an id, as Spring Session writes it.
    private static func base64(_ text: [UInt8]) -> [UInt8]? {
        var digits = text[...]
        while digits.last == UInt8(ascii: "=") { digits.removeLast() }
        guard digits.count >= 16 else { return nil }
        return Base64.decode(digits)
    }

    /// What is percent-encoded, decoded; a sign that isn't followed by two digits stays.
    private static func percentDecoded(_ text: [UInt8]) -> [UInt8] {
        var (bytes, rest): ([UInt8], ArraySlice<UInt8>) = ([], text[...])
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let decoded = Hex.decode(rest.prefix(2)), decoded.count == 1 {
                bytes += decoded
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }
}
