internal import CLibPQ
internal import Sessions

/// Who can hear what goes over a connection.
extension Link {
    /// Whether what is sent is encrypted, by TLS or by GSSAPI.
    var isEncrypted: Bool { PQsslInUse(connection) == 1 || PQgssEncInUse(connection) == 1 }

    /// Whether what is sent stays on this machine: by the address that the host's name led to.
    var isPrivate: Bool {
        let host = PQhost(connection).map { String(cString: $0) } ?? ""
        // A socket's path, or its name in Linux's own space.
        if host.hasPrefix("/") || host.hasPrefix("@") { return true }
        return IPAddress(PQhostaddr(connection).map { String(cString: $0) } ?? "")?.isLoopback ?? false
    }

    /// Refuses a connection that others can hear, unless somebody asked for that: once the address is known and TLS is
    /// settled, and before a password is sent.
    ///
    /// `prefer`, which libpq has where nobody says anything, asks for nothing: it must stand in the URL.
    ///
    /// - Parameters:
    ///   - parameters: what was given.
    ///   - isPrivate: whether what is sent stays on this machine.
    /// - Throws: ``PostgresFailure`` with `plaintext`.
    func admit(_ parameters: [Parameter], _ isPrivate: (Link) -> Bool) throws {
        guard PQstatus(connection) == CONNECTION_AWAITING_RESPONSE, !isEncrypted, !isPrivate(self) else { return }
        if parameters.contains(where: { $0.keyword == "sslmode" && $0.value == "prefer" }) { return }
        guard let mode = option("sslmode"), ["disable", "allow"].contains(mode) else {
            throw PostgresFailure(.plaintext)
        }
    }

    /// What one of libpq's options came to, from wherever it was given; `nil`: from nowhere.
    func option(_ keyword: String) -> String? {
        guard let options = PQconninfo(connection) else { return nil }
        defer { PQconninfoFree(options) }
        var option = options
        while let name = option.pointee.keyword {
            if String(cString: name) == keyword { return option.pointee.val.map { String(cString: $0) } }
            option += 1
        }
        return nil
    }

    /// Who can hear this connection.
    var safety: LinkSafety {
        guard isEncrypted else { return isPrivate ? .local : .plaintext }
        switch option("sslmode") {
        case "verify-full", "verify-ca": return .encrypted
        // With an authority's certificate, libpq verifies the chain here as well.
        case "require" where option("sslrootcert")?.isEmpty == false: return .encrypted
        default: return isPrivate ? .local : PQgssEncInUse(connection) == 1 ? .encrypted : .unverified
        }
    }
}
