/// Carries commands to the server that is responsible for them: one server, the primary that Sentinel names, or the
/// primary of a key's slot in a cluster.
///
/// Stores are written against this; what is beneath reconnects, follows failovers and redirections, and keeps every time
/// limit. ``RedisConfiguration/makeExecutor(time:witness:needing:)`` makes the one that fits.
protocol RedisExecutor: Sendable {
    /// Which server that is, for messages: `10.0.0.9:6379`.
    var name: String { get }

    /// Sends one command, and returns its reply.
    ///
    /// - Throws: ``RedisError`` where the server answers with an error, `SessionsError` with `unavailable` where it
    ///   gives no answer in its time. Then nobody knows whether a write was done.
    func send(_ command: RedisCommand) async throws -> RESPValue

    /// Sends commands at once, in one write for each server, and returns the replies in order.
    ///
    /// - Throws: `SessionsError` with `unavailable`; an error of one command is that command's result.
    func send(_ commands: [RedisCommand]) async throws -> [Result<RESPValue, RedisError>]

    /// Runs a script by its hash, and by its text where the server doesn't know it yet.
    ///
    /// - Throws: as ``send(_:)``.
    func run(_ script: RedisScript, keys: [[UInt8]], arguments: [[UInt8]]) async throws -> RESPValue

    /// Runs one script for many sets of keys and arguments at once, and returns the replies in order.
    func run(_ script: RedisScript, for calls: [(keys: [[UInt8]], arguments: [[UInt8]])]) async throws -> [Result<
        RESPValue, RedisError
    >]

    /// Each primary by itself, for commands about a whole server: SCAN, INFO, DBSIZE. One, except in a cluster.
    ///
    /// - Throws: `SessionsError` with `unavailable` where nobody says who they are.
    func servers() async throws -> [any RedisExecutor]

    /// A number that stands for the server that has a key, as far as is known; it waits for nothing.
    func part(of key: [UInt8]) -> Int

    /// Watches keys and channels on a connection of its own, one for each primary, until the task is cancelled.
    ///
    /// Nothing is acknowledged, so it makes things faster and never correct. Whatever goes wrong is tried again.
    ///
    /// - Parameters:
    ///   - subject: what to watch.
    ///   - tell: gets the news in the order in which they came, on the thread that reads: it must be quick.
    /// - Throws: `CancellationError`; `SessionsError` with `unsupported` where the server never can: Redis before 6.
    func watch(_ subject: RedisWatch, _ tell: @escaping @Sendable (RedisNews) -> Void) async throws

    /// Closes the connections; whoever waits for a reply gets an error.
    func shutDown() async
}

extension RedisExecutor {
    func part(of key: [UInt8]) -> Int { 0 }
}
