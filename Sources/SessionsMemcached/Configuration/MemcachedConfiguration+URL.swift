internal import Sessions

extension MemcachedConfiguration {
    /// Reads a URL: `memcached://[user:password@]host[:port][,host…]`, or `memcacheds://…` for TLS.
    ///
    /// Parameters behind `?` name files for TLS (`cacert`, `cert`, `key`), the name that the servers' certificates must
    /// have (`servername`), what is verified (`verify=full`, `ca` or `none`), the servers' weights (`weights=2,1`), and
    /// permit plaintext to other hosts (`plaintext=yes`). Everything may be percent-encoded; `?` and `#` in a password
    /// must be.
    ///
    /// - Parameter url: the URL.
    /// - Throws: `SessionsError` with `usage` where it can't be read; its password is not in the message.
    public init(url: String) throws {
        var reader = try MemcachedURLReader(url)
        self.init(servers: try reader.servers())
        try reader.finish(&self)
    }
}

extension MemcachedConfiguration: CustomStringConvertible, CustomDebugStringConvertible {
    /// The URL, with the password masked and without its parameters.
    public var description: String {
        let scheme = tls == nil ? "memcached" : "memcacheds"
        let secret = password == nil ? "" : ":***"
        let person = user == nil && password == nil ? "" : "\(user ?? "")\(secret)@"
        return "\(scheme)://\(person)\(servers.map(\.description).joined(separator: ","))"
    }

    /// The same: a password is in no dump either.
    public var debugDescription: String { description }
}

extension MemcachedConfiguration: CustomReflectable {
    /// Nothing but the description: `dump` and a debugger show a password as little as a log does.
    public var customMirror: Mirror { Mirror(self, children: ["url": description]) }
}
