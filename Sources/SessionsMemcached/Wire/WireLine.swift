/// One line of a stream, without its end.
struct WireLine {
    /// What a line is.
    enum Parsed {
        /// All there is.
        case reply(WireReply)
        /// The head of a value of so many bytes.
        case value(size: Int, MetaFlags)
    }

    private let line: ArraySlice<UInt8>

    init(_ line: ArraySlice<UInt8>) { self.line = line }

    /// Reads it.
    ///
    /// - Throws: ``WireFault`` for what no server writes, and where a value is announced that is larger than the limit.
    func parsed(valueLimit: Int) throws(WireFault) -> Parsed {
        let word = String(decoding: line.prefix { $0 != UInt8(ascii: " ") }.prefix(16), as: UTF8.self)
        let rest = line.dropFirst(word.utf8.count + 1)
        if let outcome = WireReply.Outcome(rawValue: word) { return .reply(.outcome(outcome, try flags(rest))) }
        switch word {
        case "VA":
            let size = rest.prefix { $0 != UInt8(ascii: " ") }
            guard let count = UInt64(decimal: size) else { throw .malformed }
            guard count <= UInt64(valueLimit) else { throw .tooLarge }
            return .value(size: Int(count), try flags(rest.dropFirst(size.count)))
        case "END" where rest.isEmpty: return .reply(.end)
        case "STORED" where rest.isEmpty: return .reply(.stored)
        case "VERSION": return .reply(.version(Self.printable(rest.prefix(64))))
        case "STAT": return .reply(statistic(rest))
        default: break
        }
        if let refusal = refusal(word, rest) { return .reply(.refused(refusal)) }
        if line.starts(with: "key=".utf8), let item = ListedItem(line: line) { return .reply(.listed(item)) }
        throw .malformed
    }

    private func flags(_ text: ArraySlice<UInt8>) throws(WireFault) -> MetaFlags {
        var flags = MetaFlags()
        for word in text.split(separator: UInt8(ascii: " ")) {
            let token = word.dropFirst()
            switch word.first {
            case UInt8(ascii: "O"): flags.opaque = try number(token)
            case UInt8(ascii: "c"): flags.cas = try number(token)
            case UInt8(ascii: "f"):
                guard let client = UInt32(exactly: try number(token)) else { throw .malformed }
                flags.client = client
            case UInt8(ascii: "s"):
                guard let size = Int(exactly: try number(token)) else { throw .malformed }
                flags.size = size
            case UInt8(ascii: "t") where !token.elementsEqual("-1".utf8): flags.life = try number(token)
            case UInt8(ascii: "W"): flags.hasWon = true
            case UInt8(ascii: "Z"): flags.isTaken = true
            case UInt8(ascii: "X"): flags.isStale = true
            default: break
            }
        }
        return flags
    }

    private func number(_ digits: ArraySlice<UInt8>) throws(WireFault) -> UInt64 {
        guard let number = UInt64(decimal: digits) else { throw .malformed }
        return number
    }

    private func statistic(_ text: ArraySlice<UInt8>) -> WireReply {
        let name = text.prefix { $0 != UInt8(ascii: " ") }
        return .statistic(name: Self.printable(name), value: Self.printable(text.dropFirst(name.count + 1)))
    }

    private func refusal(_ word: String, _ text: ArraySlice<UInt8>) -> MemcachedRefusal? {
        func says(_ beginning: String) -> Bool { text.starts(with: beginning.utf8) }
        return switch word {
        case "ERROR": .unknownCommand
        case "CLIENT_ERROR" where says("unauthenticated"): .unauthenticated
        case "CLIENT_ERROR" where says("authentication failure"): .wrongPassword
        case "CLIENT_ERROR": .malformed
        case "SERVER_ERROR" where says("object too large"): .tooLarge
        case "SERVER_ERROR" where says("out of memory"): .outOfMemory
        case "SERVER_ERROR", "BADCLASS": .failed
        case "BUSY": .busy
        default: nil
        }
    }

    /// What a server says about itself reaches screens: nothing but printable ASCII of it.
    private static func printable(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.filter { (0x20...0x7e).contains($0) }, as: UTF8.self)
    }
}
