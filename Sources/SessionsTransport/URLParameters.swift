internal import Sessions

/// What stands behind the question mark of a URL: each parameter is taken once, and what is left is unknown.
package struct URLParameters: Sendable {
    private let url: URLText
    private var values: [String: String] = [:]

    /// None.
    package init(of url: URLText) { self.url = url }

    /// Reads `NAME=VALUE&…`.
    ///
    /// - Throws: `SessionsError` with `usage`.
    package init(_ text: Substring, of url: URLText) throws {
        self.url = url
        for parameter in text.split(separator: "&") {
            let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw url.unusable("parameters are written as NAME=VALUE") }
            let name = try url.decoded(parts[0]).lowercased()
            guard values.updateValue(try url.decoded(parts[1]), forKey: name) == nil else {
                throw url.unusable("a parameter stands there twice")
            }
        }
    }

    /// Takes a parameter; `nil`: it isn't there.
    package mutating func take(_ name: String) -> String? { values.removeValue(forKey: name) }

    /// Takes a parameter that is `yes` or `no`; it is `no` where it isn't there.
    ///
    /// - Throws: `SessionsError` with `usage`.
    package mutating func flag(_ name: String) throws -> Bool {
        switch take(name) {
        case nil, "no": return false
        case "yes": return true
        default: throw url.unusable("\(name) must be yes or no")
        }
    }

    /// Takes what says how a connection is encrypted.
    ///
    /// - Parameters:
    ///   - isEncrypted: whether it is.
    ///   - advice: what to write where it isn't, and the parameters say how.
    /// - Returns: `nil` where it isn't.
    /// - Throws: `SessionsError` with `usage`.
    package mutating func tls(isEncrypted: Bool, advice: String) throws -> ClientTLS? {
        var tls = ClientTLS()
        tls.authorityFile = take("cacert")
        tls.certificateFile = take("cert")
        tls.keyFile = take("key")
        tls.serverName = take("servername")
        if let name = take("verify") {
            guard let verification = ClientTLS.Verification(rawValue: name) else {
                throw url.unusable("verify must be full, ca or none")
            }
            tls.verification = verification
        }
        if isEncrypted { return tls }
        guard tls == ClientTLS() else { throw url.unusable("files for TLS are of no use without it: \(advice)") }
        return nil
    }

    /// Refuses what nobody took.
    ///
    /// - Parameter known: the parameters that there are, for the message.
    /// - Throws: `SessionsError` with `usage`.
    package func finish(known: String) throws {
        guard let unknown = values.keys.min() else { return }
        let name = unknown.filter { $0.isASCII && $0.isLetter }.prefix(20)
        throw url.unusable("\(name) is no parameter here: see \(known)")
    }
}
