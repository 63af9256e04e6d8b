internal import Sessions

/// What a server answered when it was asked about itself; whatever a server may say is taken as text.
struct RedisAnswers: Sendable {
    /// INFO, by name; empty: it isn't known.
    var info: [String: String] = [:]
    /// CONFIG GET, by name; empty: it isn't known.
    var config: [String: String] = [:]
    /// What ACL GETUSER says of the user; `nil`: it isn't known.
    var user: RedisUser?
    /// What it says of the user `default`, whom everybody is who gives no name; `nil`: it isn't known.
    var defaultUser: RedisUser?
    /// The commands that the user may not run, or that this server hasn't, by what was asked: `CONFIG GET`.
    var refused: Set<String> = []
    /// This machine's clock before INFO was asked, and after it was answered.
    var asked: (from: Timestamp, to: Timestamp)?

    /// A whole number that isn't negative; `nil` where none stands there.
    func count(_ name: String) -> UInt64? { info[name].flatMap { UInt64($0) } }

    /// The server's clock; `nil`: it isn't known.
    var clock: ClockReading? {
        guard let microseconds = count("server_time_usec"), let asked else { return nil }
        return ClockReading(
            server: Timestamp(milliseconds: Int64(microseconds / 1000)), asked: asked.from, answered: asked.to)
    }

    /// Redis's version, as far as it has numbers; a Valkey names the Redis that it is compatible with.
    var version: [Int] { (info["redis_version"] ?? "").split(separator: ".").prefix(3).map { Int($0) ?? 0 } }
}
