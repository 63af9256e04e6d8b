internal import Sessions
internal import SessionsTransport

/// What goes wrong, in words that say what to do; no keys, no passwords.
extension SessionsError {
    static func memcachedURL(_ what: String) -> SessionsError {
        URLText(of: "memcached").unusable(what)
    }

    static func lost(_ address: MemcachedAddress) -> SessionsError {
        SessionsError(.unavailable, "memcached at \(address) closed the connection: see that it runs, then try again")
    }

    static func noAnswer(_ address: MemcachedAddress) -> SessionsError {
        SessionsError(.unavailable, "memcached at \(address) did not answer in time: see whether it is busy or stopped")
    }

    static func notMemcached(_ address: MemcachedAddress, cause: (any Error)? = nil) -> SessionsError {
        SessionsError(
            .unavailable, "what answers at \(address) does not speak memcached: check the host and the port",
            cause: cause)
    }

    static func tooMuchWaits(_ address: MemcachedAddress) -> SessionsError {
        SessionsError(.busy, "too many commands wait for memcached at \(address) already: try again shortly")
    }

    static func closed(_ address: MemcachedAddress) -> SessionsError {
        SessionsError(.unavailable, "the connection to memcached at \(address) was closed: open the cache again")
    }

    static func plaintext(_ address: MemcachedAddress) -> SessionsError {
        SessionsError(
            .refused,
            "the connection to memcached at \(address) would not be encrypted: use memcacheds://, or allow it with "
                + "plaintext=yes where nobody else is on the network")
    }

    /// Puts a server's refusal into words.
    static func refusal(_ refusal: MemcachedRefusal, _ address: MemcachedAddress) -> SessionsError {
        switch refusal {
        case .unauthenticated:
            SessionsError(.refused, "memcached at \(address) asks for a user and a password: give both")
        case .wrongPassword:
            SessionsError(.refused, "memcached at \(address) refused the user or the password: check both")
        case .tooLarge:
            SessionsError(.unavailable, "memcached at \(address) takes no item so large: raise its -I", cause: refusal)
        case .outOfMemory:
            SessionsError(.unavailable, "memcached at \(address) has no memory left: raise its -m", cause: refusal)
        case .unknownCommand:
            SessionsError(
                .unsupported,
                "what answers at \(address) doesn't know meta commands: memcached 1.6 or newer is needed, "
                    + "without a proxy that knows fewer", cause: refusal)
        case .busy, .malformed, .failed:
            SessionsError(.unavailable, "memcached at \(address) could not do it: see its log", cause: refusal)
        }
    }

    /// Puts what NIO says into words.
    static func reaching(_ address: MemcachedAddress, _ error: any Error) -> SessionsError {
        reaching("memcached at \(address)", error, late: noAnswer(address))
    }
}
