internal import Sessions
internal import SessionsTransport

/// What goes wrong with the runtime API, in words that say what to do; no keys.
extension SessionsError {
    static func noAnswer(_ address: HAProxyAddress) -> SessionsError {
        SessionsError(
            .unavailable, "HAProxy at \(address) did not answer in time: see whether it is busy or stopped")
    }

    static func plaintext(_ address: HAProxyAddress) -> SessionsError {
        SessionsError(
            .refused,
            "the connection to HAProxy at \(address) would not be encrypted, and its stick tables hold cookies: reach "
                + "its socket through ssh -L, or allow it with plaintext=yes where nobody else is on the network")
    }

    /// Puts what NIO says into words.
    static func reaching(_ address: HAProxyAddress, _ error: any Error) -> SessionsError {
        reaching("HAProxy at \(address)", error, late: noAnswer(address))
    }

    /// Puts into words what is wrong with an answer.
    static func faulty(_ address: HAProxyAddress, _ fault: RuntimeFault) -> SessionsError {
        switch fault {
        case .malformed:
            SessionsError(
                .unavailable, "what answers at \(address) does not speak HAProxy's runtime API: check the address")
        case .tooLarge:
            SessionsError(
                .unavailable, "HAProxy at \(address) says more than can be taken in: name one table with ?table=NAME")
        case .cutShort:
            SessionsError(
                .unavailable, "HAProxy at \(address) closed the connection before its answer was complete: try again")
        case .refused(let words) where words.lowercased().contains("permission denied"):
            SessionsError(.refused, "this socket of HAProxy doesn't allow that: use one of level admin")
        case .refused(let words) where words.contains("insufficient privileges"):
            SessionsError(
                .refused, "this socket of HAProxy doesn't show entries: use one of level operator or admin")
        case .refused(let words) where words == "No such table":
            SessionsError(.storeNotFound, "HAProxy at \(address) has no such stick table: see `show table` there")
        case .refused(let words):
            SessionsError(.unavailable, "HAProxy at \(address) refuses: \(words)")
        }
    }
}
