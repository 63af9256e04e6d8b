public import ServiceLifecycle
public import SessionTokens

/// Runs a `RevocationFollower` in a `ServiceGroup`: what a ``BearerMiddleware`` knows of revoked tokens comes from it.
///
/// List it **before** the application, as ``NodeService``.
public struct FollowerService: Service {
    private let follower: RevocationFollower

    /// Takes a follower.
    public init(_ follower: RevocationFollower) { self.follower = follower }

    /// Follows the feed until the group shuts down.
    ///
    /// - Throws: nothing by itself.
    public func run() async throws {
        try await cancelWhenGracefulShutdown { try await follower.run() }
    }
}
