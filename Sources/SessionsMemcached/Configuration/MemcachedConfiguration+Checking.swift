internal import Sessions

extension MemcachedConfiguration {
    /// Checks what the type doesn't.
    ///
    /// - Throws: `SessionsError` with `usage`.
    func check() throws {
        guard !servers.isEmpty else { throw SessionsError.memcachedURL("name a server at least") }
        let places = servers.map(\.description)
        guard Set(places).count == places.count else { throw SessionsError.memcachedURL("a server stands there twice") }
        guard servers.allSatisfy({ (1...65535).contains($0.port) && (1...1000).contains($0.weight) }) else {
            throw SessionsError.memcachedURL("a port is 1 to 65535, and a weight 1 to 1000")
        }
        guard servers.count <= 1000 else { throw SessionsError.memcachedURL("name 1000 servers at most") }
        guard connectLimit > .zero, commandLimit > .zero else {
            throw SessionsError.memcachedURL("the limits of time must be longer than nothing")
        }
        try checkSignIn()
    }

    private func checkSignIn() throws {
        guard (user == nil) == (password == nil) else {
            throw SessionsError.memcachedURL("a user and a password go together: give both, or neither")
        }
        guard let user, let password else { return }
        // The server parts them at spaces, and its file at the first colon and at the end of a line.
        let isTakenApart = (user + password).utf8.contains { $0 <= 0x20 } || user.utf8.contains(UInt8(ascii: ":"))
        guard !user.isEmpty, !isTakenApart else {
            throw SessionsError.memcachedURL(
                "memcached knows no users with colons, and no passwords with spaces in them")
        }
        guard (1...200).contains(password.utf8.count), user.utf8.count <= 200 else {
            throw SessionsError.memcachedURL("a user and a password have 200 bytes at most each")
        }
    }
}
