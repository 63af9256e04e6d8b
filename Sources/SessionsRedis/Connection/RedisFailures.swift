internal import Sessions
internal import SessionsTransport

/// What goes wrong with connections, in words that say what to do; no arguments of commands, no passwords.
extension SessionsError {
    static func lost(_ address: RedisAddress) -> SessionsError {
        SessionsError(.unavailable, "Redis at \(address) closed the connection: see that it runs, then try again")
    }

    static func noAnswer(_ address: RedisAddress) -> SessionsError {
        SessionsError(
            .unavailable, "Redis at \(address) did not answer in time: see whether it is busy or stopped (SLOWLOG GET)")
    }

    static func notRedis(_ address: RedisAddress, cause: (any Error)? = nil) -> SessionsError {
        SessionsError(
            .unavailable, "what answers at \(address) does not speak Redis: check the host and the port", cause: cause)
    }

    static func tooMuchWaits(_ address: RedisAddress) -> SessionsError {
        SessionsError(.busy, "too many commands wait for Redis at \(address) already: try again shortly")
    }

    static func shutDown(_ address: RedisAddress) -> SessionsError {
        SessionsError(.unavailable, "the connection to Redis at \(address) was closed: open the store again")
    }

    static func isReplica(_ address: RedisAddress) -> SessionsError {
        SessionsError(
            .unavailable,
            "Redis at \(address) is a replica, which may not know of the last revokes: name the primary, or ask Sentinel "
                + "(redis-sentinel://HOST,HOST/NAME), and try again when the failover is over")
    }

    static func plaintext(_ address: RedisAddress) -> SessionsError {
        SessionsError(
            .refused,
            "the connection to Redis at \(address) would not be encrypted: use rediss://, or allow it with "
                + "plaintext=yes where nobody else is on the network")
    }

    /// Puts what NIO says into words.
    static func reaching(_ address: RedisAddress, _ error: any Error) -> SessionsError {
        reaching("Redis at \(address)", error, late: noAnswer(address))
    }
}
