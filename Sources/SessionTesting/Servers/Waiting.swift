/// Waits for something outside of this process, which can't wake anybody.
public enum Waiting {
    /// Nothing came of it.
    public struct Failure: Error, CustomStringConvertible {
        /// What was waited for.
        public let description: String
    }

    /// Asks again and again, until the answer is yes.
    ///
    /// - Parameters:
    ///   - what: what is waited for, for the error.
    ///   - limit: how long at most.
    ///   - isThere: the question; an error is a no.
    /// - Throws: ``Failure`` after the limit; `CancellationError`.
    public static func until(
        _ what: String, limit: Duration = .seconds(30), _ isThere: () async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + limit
        while (try? await isThere()) != true {
            guard ContinuousClock.now < deadline else {
                throw Failure(description: "waited for \(limit) in vain: \(what)")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
