internal import Sessions

extension RedisConfiguration {
    /// Reads a URL: `redis://[user:password@]host[:port][/db]`, `rediss://…` (TLS), `redis+unix:/path.sock`,
    /// `redis-sentinel://host,host/NAME[/db]`, `redis-cluster://host,host`; `valkey` is accepted for `redis`.
    ///
    /// Parameters behind `?` name files for TLS (`cacert`, `cert`, `key`), the name that the server's certificate must
    /// have (`servername`), what is verified (`verify=full`, `ca` or `none`), encryption under Sentinel and in a cluster
    /// (`tls=yes`), the sentinels' user and password (`sentineluser`, `sentinelpassword`), the database of a Unix socket
    /// (`db`), and permit plaintext to other hosts (`plaintext=yes`). Everything may be percent-encoded; `?`, `#` and `%`
    /// in a password must be.
    ///
    /// - Parameter url: the URL.
    /// - Throws: `SessionsError` with `usage` where it can't be read; its password is not in the message.
    public init(url: String) throws {
        var reader = try RedisURLReader(url)
        self.init(try reader.topology())
        try reader.finish(&self)
    }
}

extension RedisConfiguration: CustomStringConvertible {
    /// The URL, with the passwords masked and without its parameters.
    public var description: String {
        let secure = tls == nil ? "redis" : "rediss"
        let secret = password == nil ? "" : ":***"
        let person = user == nil && password == nil ? "" : "\(user ?? "")\(secret)@"
        let number = database == 0 ? "" : "/\(database)"
        func list(_ hosts: [RedisAddress]) -> String { hosts.map(\.description).joined(separator: ",") }
        return switch topology {
        case .server(.unixSocket(let path)): "redis+unix:\(path)"
        case .server(let address): "\(secure)://\(person)\(address)\(number)"
        case .sentinel(let sentinels, let name): "\(secure)-sentinel://\(person)\(list(sentinels))/\(name)\(number)"
        case .cluster(let seeds): "\(secure)-cluster://\(person)\(list(seeds))"
        }
    }
}
