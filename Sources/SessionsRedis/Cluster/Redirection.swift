/// What a cluster's server answers when it didn't do a command: nothing was done, so it may be sent again.
enum Redirection: Equatable {
    /// The slot belongs to another server.
    case moved(slot: Int, to: RedisAddress)
    /// The key may have been moved to another server already, while its slot still is being moved.
    case ask(RedisAddress)
    /// The keys of the command are on two servers for a moment, or a script's keys on another than was asked.
    case tryAgain
    /// The server doesn't serve now: the cluster is without some primary, the server is loading, or became a replica.
    case down

    /// Reads an error; `nil`: it is the command's result.
    ///
    /// - Parameters:
    ///   - error: the server's words.
    ///   - asked: who said so, and has the same host as whoever is named without one.
    init?(_ error: RedisError, from asked: RedisAddress) {
        switch error.kind {
        case "MOVED":
            guard let (slot, address) = Self.place(error.message, asked) else { return nil }
            self = .moved(slot: slot, to: address)
        case "ASK":
            guard let (_, address) = Self.place(error.message, asked) else { return nil }
            self = .ask(address)
        case "TRYAGAIN": self = .tryAgain
        // Our scripts find that out before they change anything.
        case "ERR" where error.message.contains("cript attempted to access a non local key"): self = .tryAgain
        case "ERR" where error.message.contains("while the cluster is down"): self = .down
        case "CLUSTERDOWN", "LOADING", "MASTERDOWN", "READONLY": self = .down
        default: return nil
        }
    }

    /// `SLOT HOST:PORT`.
    private static func place(_ text: String, _ asked: RedisAddress) -> (Int, RedisAddress)? {
        let words = text.split(separator: " ")
        guard words.count >= 2, let slot = Int(words[0]), (0..<KeySlot.count).contains(slot),
            let colon = words[1].lastIndex(of: ":"), let port = UInt16(words[1][words[1].index(after: colon)...]),
            port > 0
        else { return nil }
        let host = String(words[1][..<colon])
        if !host.isEmpty { return (slot, .host(host, port: Int(port))) }
        guard case .host(let same, _) = asked else { return nil }
        return (slot, .host(same, port: Int(port)))
    }
}
