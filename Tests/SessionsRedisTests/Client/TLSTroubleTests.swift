import Testing

@testable import SessionsTransport

@Suite("What TLS says, in words that say what to do")
struct TLSTroubleTests {
    private func said(_ reason: String) -> String {
        "handshakeFailed(NIOSSL.BoringSSLError.sslError([Error: 268436498 error:1000007d:SSL routines:"
            + "OPENSSL_internal:\(reason) at /build/checkouts/swift-nio-ssl/Sources/CNIOBoringSSL/ssl/handshake.cc:320]))"
    }

    @Test(
        "Each reason has its sentence",
        arguments: [
            ("CERTIFICATE_VERIFY_FAILED", "can't be trusted"), ("SSLV3_ALERT_CERTIFICATE_EXPIRED", "has expired"),
            ("TLSV1_ALERT_UNKNOWN_CA", "your certificate"), ("TLSV1_ALERT_CERTIFICATE_REQUIRED", "one (cert, key)"),
            ("SSLV3_ALERT_HANDSHAKE_FAILURE", "one (cert, key)"), ("TLSV1_ALERT_PROTOCOL_VERSION", "no TLS 1.2"),
            ("WRONG_VERSION_NUMBER", "check that it speaks TLS"),
            ("TLSV1_ALERT_INTERNAL_ERROR", "TLS says: tlsv1 alert internal error"),
        ])
    func reasons(_ reason: String, _ words: String) {
        let trouble = TLSTrouble(said: said(reason)).words
        #expect(trouble.contains(words))
        #expect(!trouble.contains("/") && !trouble.contains("320") && !trouble.contains("Error"))
    }

    @Test("What names no reason is told nevertheless, and another name before anything else")
    func others() {
        #expect(TLSTrouble(said: "EOF during handshake").words.contains("check that it speaks TLS"))
        #expect(TLSTrouble(said: "", isOtherName: true).words.contains("another name"))
        #expect(TLSTrouble(said: "", isUntrusted: true).words.contains("can't be trusted"))
        #expect(TLSTrouble(said: "OPENSSL_internal:OPENSSL_internal:").words.contains("check that it speaks TLS"))
    }
}
