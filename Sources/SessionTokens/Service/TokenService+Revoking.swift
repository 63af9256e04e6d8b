public import Sessions

/// Which tokens are revoked.
public enum TokenTarget: Sendable, Hashable {
    /// One, by its issuer and `jti`.
    case token(TokenDenial)
    /// All that end with a session or a refresh family, and that itself.
    case session(IDHash)
    /// All of a user, a tenant or a client, or of everyone, with their sessions and families.
    case scope(CutoffScope)
}

extension TokenService {
    /// Revokes tokens: durable when it returns, and effective here; elsewhere within δ.
    ///
    /// - Parameters:
    ///   - target: which.
    ///   - by: who does; an operator's order goes by `SessionDirectory`, which keeps the audit log.
    ///   - reason: why.
    /// - Returns: the feed's position after the commit: ``waitUntilEffective(_:)``.
    /// - Throws: ``SessionsError`` with `unavailable`, `busy` or `unsupported`: then nobody is revoked for sure; say so.
    @discardableResult
    public func revoke(_ target: TokenTarget, by: String, reason: String? = nil) async throws -> FeedPosition {
        switch target {
        case .token(let denial):
            let position = try await store.deny([denial], at: time.wall())
            follower.noteDenied(denial.key)
            return position
        case .session(let id):
            return try await families.end(id, by: by, reason: reason).position
        case .scope(let scope):
            let cutoff = try await store.cutOff(scope, by: by, reason: reason, at: time.wall())
            follower.noteCutoff(cutoff)
            return cutoff.epoch
        }
    }

    /// Waits until a revoke is effective: until no verifier that follows the feed accepts what it ended.
    ///
    /// - Parameters:
    ///   - position: from ``revoke(_:by:reason:)``.
    ///   - durable: when that returned.
    /// - Returns: why it is effective.
    /// - Throws: `CancellationError`, and what reading the nodes' reports throws.
    public func waitUntilEffective(
        _ position: FeedPosition, durable: MonotonicInstant
    ) async throws -> EffectivenessWatch.Cause {
        try await EffectivenessWatch.wait(for: position, durable: durable, time: time) {
            try await store.checkedNodes(upTo: position)
        }
    }

    /// When the last access token dies that was issued before now, at a service that doesn't follow the feed.
    public var residualExposureEnd: Timestamp { time.wall() + issuer.lifetime + verifier.policy.leeway }
}
