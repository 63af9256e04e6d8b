internal import Sessions

extension SessionsError {
    /// Puts an error of Redis into words that say what to do; no keys, no arguments.
    ///
    /// - Parameters:
    ///   - error: what the server answered.
    ///   - url: the server, its password masked.
    /// - Returns: the error to throw.
    static func translating(_ error: RedisError, of url: String) -> SessionsError {
        switch error.kind {
        case "NOPERM":
            return noPermission(error, url)
        case "ERR" where error.message.hasPrefix("The user executing the script"):
            return noPermission(error, url)
        case "TOONEW": return storeTooNew(url)
        case "NOAUTH", "WRONGPASS":
            return SessionsError(.unavailable, "\(url) doesn't know this user or password: look at both", cause: error)
        case "OOM":
            return SessionsError(
                .storeFull, "\(url) has reached its maxmemory: raise it, or purge what has ended", cause: error)
        case "MISCONF":
            return SessionsError(
                .storeFull, "\(url) can't save to its disk and takes no writes: look at its log", cause: error)
        case _ where error.meansReplica:
            return SessionsError(
                .readOnly, "\(url) is a replica: give the primary's address, or ask through Sentinel", cause: error)
        case "BUSY":
            return SessionsError(.busy, "\(url) runs somebody's script for too long: try again", cause: error)
        case "WRONGTYPE":
            return SessionsError(
                .corrupt, "a key of ours in \(url) holds something else: another application writes there", cause: error
            )
        default:
            return SessionsError(.unavailable, "\(url) can't answer that now: look at the server", cause: error)
        }
    }

    static func storeTooNew(_ url: String) -> SessionsError {
        SessionsError(.storeTooNew, "\(url) was written by a newer version: use a newer sessiontop")
    }

    /// Redis 7.0 says it in words alone where a script was run.
    private static func noPermission(_ error: RedisError, _ url: String) -> SessionsError {
        SessionsError(
            .refused, "this user may not do that in \(url): give it the rules of RedisAccess", cause: error)
    }
}
