internal import Sessions

/// A connection that is ready for commands, and what it leads to.
struct MemcachedLink: Sendable {
    /// The connection.
    let connection: MemcachedConnection
    /// The server's version.
    let version: String
    /// Tells one run of a server from the next: a server that restarts counts its CAS from 1 again.
    let run: UInt16

    /// Makes a link to a server that says so about itself.
    ///
    /// - Parameters:
    ///   - connection: the connection.
    ///   - version: the server's version.
    ///   - statistics: its general statistics; where they don't tell one run from the next, every connection counts as
    ///     a run of its own.
    init(connection: MemcachedConnection, version: String, statistics: [String: String]) {
        self.connection = connection
        self.version = version
        run = Self.run(by: statistics) ?? .random(in: .min ... .max)
    }

    /// The process, and when it was started: the difference of two of its times never changes.
    static func run(by statistics: [String: String]) -> UInt16? {
        guard let process = statistics["pid"], let now = statistics["time"].flatMap(Int64.init),
            let age = statistics["uptime"].flatMap(Int64.init)
        else { return nil }
        return UInt16(truncatingIfNeeded: IDHash(hashing: "\(process) \(now &- age)".utf8).leadingBits)
    }
}
