/// Does something to its end once it has begun, also where the task that waits for it is cancelled meanwhile.
///
/// What changes a store in several steps must not stop between them: sessions would be ended that the feed doesn't tell
/// and no record names.
///
/// - Parameter work: what is done, in a task of its own.
/// - Returns: what the work returns.
/// - Throws: what the work throws; `CancellationError` where the task was cancelled before: then nothing was begun.
package func shielded<Result: Sendable>(
    _ work: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try Task.checkCancellation()
    return try await Task { try await work() }.value
}
