internal import NIOCore
internal import NIOPosix
internal import NIOSSL
package import Sessions

extension SessionsError {
    /// Puts into words why a server can't be reached.
    ///
    /// - Parameters:
    ///   - server: what it is and where, without secrets: `Redis at 10.0.0.9:6379`.
    ///   - error: what NIO says.
    ///   - late: what to say where it didn't answer in time.
    /// - Returns: the error as it is, where it is one of ours.
    package static func reaching(_ server: String, _ error: any Error, late: SessionsError) -> SessionsError {
        switch error {
        case let error as SessionsError: error
        case let error as NIOConnectionError:
            reaching(server, error.connectionErrors.last?.error ?? NoAddress(), late: late)
        case ChannelError.connectTimeout: late
        case let error as IOError where error.errnoCode != 0:
            SessionsError(
                .unavailable,
                "\(server) can't be reached: \(words(error.errnoCode)); see that it runs and listens there")
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
            SessionsError(
                .unavailable,
                "no encrypted connection to \(server): check that it speaks TLS there, the authority (cacert), the name "
                    + "in its certificate, and whether it wants one of yours (cert, key)", cause: error)
        case is NoAddress:
            SessionsError(.unavailable, "\(server) can't be reached: its name has no address; check the host")
        default:
            SessionsError(
                .unavailable, "\(server) can't be reached: check the host's name, and that it runs", cause: error)
        }
    }

    private static func words(_ code: CInt) -> String {
        // NIO says "REASON: WORDS) (errno: CODE)", one parenthesis too many.
        let text = String(describing: IOError(errnoCode: code, reason: ""))
        return String(text.drop { $0 == ":" || $0 == " " }.prefix { $0 != ")" })
    }
}

/// A host has no address.
private struct NoAddress: Error {}
