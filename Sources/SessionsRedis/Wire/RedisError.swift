/// What a server answers instead of a reply: its kind, and its words.
struct RedisError: Error, Sendable, Equatable {
    /// The first word: `WRONGTYPE`, `NOSCRIPT`, `MOVED`.
    var kind: String
    /// The rest.
    var message: String
}

extension RedisError {
    /// Takes a server's line apart.
    init(line: some Collection<UInt8>) {
        let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 1, omittingEmptySubsequences: false)
        kind = parts.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
        message = parts.count > 1 ? String(decoding: parts[1], as: UTF8.self) : ""
    }
}

extension RedisError: CustomStringConvertible {
    /// The server's words without what it repeats of the command: a key or a password may be among that.
    var description: String {
        var shown = "Redis says: \(kind)"
        var isQuoted = false
        for character in message.prefix(200) {
            if character == "," { break }
            let isQuote = character == "'" || character == "`"
            if isQuote { isQuoted.toggle() }
            if isQuote && isQuoted { shown += shown.hasSuffix(" ") ? "'…'" : " '…'" }
            guard !isQuote, !isQuoted, !character.isNewline else { continue }
            if shown == "Redis says: \(kind)" { shown += " " }
            shown.append(character)
        }
        return shown
    }
}
