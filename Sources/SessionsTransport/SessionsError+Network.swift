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
        case NIOSSLError.uncleanShutdown:
            SessionsError(.unavailable, "\(server) closed the connection: see that it runs, then try again")
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
            SessionsError(.unavailable, "\(noEncryption) \(server): \(TLSTrouble(error).words)")
        case is NoAddress:
            SessionsError(.unavailable, "\(server) can't be reached: its name has no address; check the host")
        default:
            SessionsError(
                .unavailable, "\(server) can't be reached: check the host's name, and that it runs", cause: error)
        }
    }

    private static let noEncryption = "no encrypted connection to"

    /// Names the other scheme, for a server that said nothing of what was to be expected: it may speak TLS and we don't,
    /// or the other way round, which mostly shows as silence or as the end of the connection.
    ///
    /// - Parameters:
    ///   - isEncrypted: whether we speak TLS.
    ///   - plain: the scheme without TLS.
    ///   - secure: the scheme with TLS.
    /// - Returns: the error, with that possible cause where it could be.
    package func naming(isEncrypted: Bool, plain: String, secure: String) -> SessionsError {
        guard code == .unavailable, !message.hasPrefix(Self.noEncryption) else { return self }
        var named = self
        named.message += isEncrypted ? "; if it speaks no TLS, write \(plain)" : "; if it speaks TLS, write \(secure)"
        return named
    }

    private static func words(_ code: CInt) -> String {
        // NIO says "REASON: WORDS) (errno: CODE)", one parenthesis too many.
        let text = String(describing: IOError(errnoCode: code, reason: ""))
        return String(text.drop { $0 == ":" || $0 == " " }.prefix { $0 != ")" })
    }
}

/// A host has no address.
private struct NoAddress: Error {}
