internal import NIOSSL

/// Why no encrypted connection came about, as far as NIOSSL tells, in words that say what to do.
///
/// What it says itself names its own source files and numbers, which tell nobody anything.
package struct TLSTrouble: Sendable {
    /// What is the matter, and what to do about it.
    package let words: String

    /// Reads an error of NIOSSL's.
    package init(_ error: any Error) {
        let isOtherName = (error as? NIOSSLExtraError) == .failedToValidateHostname
        let isUntrusted = (error as? NIOSSLError) == .unableToValidateCertificate
        self.init(said: String(describing: error), isOtherName: isOtherName, isUntrusted: isUntrusted)
    }

    /// Reads the words of an error, among them the reasons as BoringSSL names them: `…:OPENSSL_internal:REASON at FILE`.
    init(said: String, isOtherName: Bool = false, isUntrusted: Bool = false) {
        let reasons = said.split(separator: "OPENSSL_internal:").dropFirst().map { text in
            String(text.prefix { $0 == "_" || $0.isASCII && ($0.isUppercase || $0.isNumber) })
        }
        func tells(_ parts: String...) -> Bool {
            parts.contains { part in reasons.contains { $0.contains(part) } }
        }
        words =
            if isOtherName {
                "its certificate is for another name; connect by a name that is in it, or give that one (servername)"
            } else if isUntrusted || tells("CERTIFICATE_VERIFY_FAILED") {
                "its certificate can't be trusted: it has expired, or no authority that is known here has signed it; "
                    + "renew it, or name its authority (cacert)"
            } else if tells("ALERT_CERTIFICATE_EXPIRED") {
                "it says that your certificate (cert) has expired: renew it"
            } else if tells("ALERT_UNKNOWN_CA", "ALERT_BAD_CERTIFICATE", "ALERT_CERTIFICATE_UNKNOWN") {
                "it doesn't take your certificate: give one (cert, key) that its authority has signed"
            } else if tells("CERTIFICATE_REQUIRED", "ALERT_HANDSHAKE_FAILURE") {
                "it ended the handshake: it may want a certificate of yours; give one (cert, key)"
            } else if tells("PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL") {
                "it speaks no TLS 1.2 or later: check that it speaks TLS there as it should"
            } else if tells("WRONG_VERSION_NUMBER", "HTTP_REQUEST") {
                "what answers speaks none: check that it speaks TLS there, or name it without TLS"
            } else {
                "check that it speaks TLS there, the authority (cacert), the name in its certificate, and whether it "
                    + "wants one of yours (cert, key)" + Self.saying(reasons)
            }
    }

    private static func saying(_ reasons: [String]) -> String {
        guard let reason = reasons.first, !reason.isEmpty else { return "" }
        return "; TLS says: \(reason.lowercased().replacing("_", with: " "))"
    }
}
