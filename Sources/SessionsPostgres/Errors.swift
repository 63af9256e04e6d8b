internal import Sessions

extension SessionsError {
    /// Every connection is in use, and none came free in time.
    static let allConnectionsBusy = SessionsError(
        .busy, "every connection to PostgreSQL is in use: try again, or allow more of them")

    /// Where a primary is needed, there is a standby now: whatever it says may be of the past.
    static func leadsToStandby(_ place: String) -> SessionsError {
        SessionsError(
            .unavailable,
            "\(place) leads to a standby, which may not know of the last revokes: name the primary, or all hosts "
                + "(postgres://HOST,HOST/DATABASE), and try again when the failover is over; to look, use --read-only")
    }

    /// Puts a failure into words that say what to do; no SQL, no values, no password.
    ///
    /// - Parameters:
    ///   - error: any error; what isn't a ``PostgresFailure`` stays as it is.
    ///   - place: the store's URL without its password.
    /// - Returns: a ``SessionsError``, or the error itself.
    static func translating(_ error: any Error, at place: String) -> any Error {
        guard let failure = error as? PostgresFailure else { return error }
        switch failure.kind {
        case .refused: return refused(failure.state, at: place)
        case .notConnected(let words): return notConnected(failure.state, words, at: place)
        case .noPassword:
            return SessionsError(
                .refused,
                "\(place) asks for a password: set SESSIONTOP_PASSWORD, or a passwordCommand, or write it to ~/.pgpass")
        case .plaintext:
            return SessionsError(
                .refused,
                "the connection to \(place) would not be encrypted: turn ssl on at the server and use "
                    + "sslmode=verify-full, or allow it with sslmode=disable where nobody else is on the network")
        case .lost:
            return SessionsError(
                .unavailable, "\(place) closed the connection: try again; whether the last change was made isn't known")
        case .timedOut:
            return SessionsError(
                .unavailable, "\(place) did not answer in time: look at the server and the network, then try again")
        }
    }

    private static func notConnected(_ state: String, _ words: String, at place: String) -> SessionsError {
        switch state {
        case "28P01", "28000":
            SessionsError(
                .refused,
                "\(place) refuses the user or the password (\(state)): check both, ~/.pgpass and pg_hba.conf")
        case "3D000":
            SessionsError(.storeNotFound, "there is no such database at \(place) (3D000): check its name")
        case "42501":
            SessionsError(
                .refused, "this role may not connect to \(place) (42501): GRANT CONNECT ON DATABASE … TO the role")
        case "53300":
            SessionsError(
                .unavailable, "\(place) has no connection left (53300): raise max_connections, or use fewer per node")
        case "57P03":
            SessionsError(.unavailable, "\(place) is starting or stopping (57P03): try again in a moment")
        default:
            SessionsError(.unavailable, "\(place) can't be reached: \(words.isEmpty ? "no server" : words)")
        }
    }

    private static func refused(_ state: String, at place: String) -> SessionsError {
        let (code, words): (Code, String) =
            switch state {
            case "25006": (.readOnly, "can't be written: it is a standby or was opened to be read; name the primary")
            case "42501": (.refused, "doesn't let this role do that: grant it what PostgresStore.grants lists")
            case "57014": (.busy, "took too long and was stopped: try again, or look for a transaction that hangs")
            case "55P03", "40001", "40P01": (.busy, "is busy with another transaction: try again")
            case "53100": (.storeFull, "has no space left: free some, then try again; nothing was lost")
            case "3F000", "42P01", "42703", "42883":
                (.notAStore, "has lost tables of the store, or never had them: restore it from a backup")
            case let code where code.hasPrefix("XX"): (.corrupt, "is damaged: stop its services, and look at its log")
            case let code where code.hasPrefix("53"): (.unavailable, "is short of resources: look at the server")
            default: (.unavailable, "can't do that now: look at the server's log")
            }
        return SessionsError(code, "\(place) \(words) (PostgreSQL says \(state.isEmpty ? "nothing" : state))")
    }
}
