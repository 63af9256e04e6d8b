extension ServerProcess {
    /// Starts several servers, one after the other, for the time of a test.
    ///
    /// - Parameters:
    ///   - commands: how they are started.
    ///   - body: gets them in the same order when all answer.
    /// - Returns: what `body` returns.
    /// - Throws: ``Failure`` where one doesn't start, and what `body` throws.
    public static func withAll<Result>(
        _ commands: [Command], _ body: ([ServerProcess]) async throws -> Result
    ) async throws -> Result {
        try await withAll(commands[...], behind: [], body)
    }

    private static func withAll<Result>(
        _ commands: ArraySlice<Command>, behind started: [ServerProcess],
        _ body: ([ServerProcess]) async throws -> Result
    ) async throws -> Result {
        guard let first = commands.first else { return try await body(started) }
        return try await with(first) { try await withAll(commands.dropFirst(), behind: started + [$0], body) }
    }
}
