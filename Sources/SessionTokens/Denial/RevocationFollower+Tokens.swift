internal import Sessions

extension TokenMarks {
    /// What revocation goes by in a token whose signature and claims hold.
    public init(_ token: VerifiedToken) { self = token.marks }
}

extension FollowerPolicy {
    /// What suits a verifier: as long as its policy lets a token live, so long an entry of the feed is remembered.
    ///
    /// - Parameters:
    ///   - policy: what the verifier demands. The store must keep its feed for longer than its `lifetime` and twice its
    ///     leeway, or its leeway and a minute where that is more: see `Retention.feed`.
    ///   - lease: δ.
    public init(for policy: TokenPolicy, lease: Duration = .seconds(2)) {
        self.init(lease: lease, longestToken: policy.lifetime, leeway: policy.leeway)
    }
}

extension RevocationFollower: TokenRevocations {
    /// Why a token is refused, by what is known here.
    ///
    /// A token that lives longer than entries of the feed are remembered is refused as well: it could outlive its denial.
    public func refusal(of token: VerifiedToken) -> TokenRefusal? {
        guard token.expires - token.issued <= policy.longestToken else { return .outlivesDenials }
        return TokenRefusal(verdict(on: token.marks))
    }
}

extension TokenRefusal {
    static let outlivesDenials = TokenRefusal(
        .livesTooLong, "it lives longer than its denial would be remembered: issue shorter ones")

    /// A verdict as a refusal; `nil` for a valid token.
    public init?(_ verdict: TokenVerdict) {
        switch verdict {
        case .valid: return nil
        case .denied(.token): self.init(.denied, "it was revoked by its jti: sign in again")
        case .denied(.session): self.init(.sessionEnded, "the session that it belongs to has ended: sign in again")
        case .denied(.cutoff): self.init(.cutOff, "everything issued before was revoked: sign in again")
        case .denied(.lostPast):
            self.init(.cutOff, "the store was restored from a backup older than it: sign in again")
        case .cannotTell:
            self.init(.revocationUnknown, "nobody can tell now whether it was revoked: try again, and keep it")
        }
    }
}
