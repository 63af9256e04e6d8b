internal import Sessions

/// How a verifier follows a store's feed.
public struct FollowerPolicy: Sendable, Equatable {
    /// δ: how long it may call a token valid after a good poll of the feed began; more than zero.
    ///
    /// A revoke is effective after this time at the latest.
    public var lease: Duration
    /// The longest life of a token that it verifies: so far back the feed is read before anything is trusted, and so long
    /// an entry is remembered.
    ///
    /// ``Retention/feed`` must be longer: by the leeway, and by as much as the clocks may differ.
    public var longestToken: Duration
    /// The leeway that it grants to a token's times.
    public var leeway: Duration
    /// How often it shows a sign of life; at least twice in ``NodeReport/silence``.
    public var heartbeat: Duration

    /// Makes one; the defaults suit tokens of at most 15 minutes.
    public init(
        lease: Duration = .seconds(2), longestToken: Duration = .seconds(900), leeway: Duration = .seconds(60),
        heartbeat: Duration = .seconds(1)
    ) {
        self.lease = max(lease, .milliseconds(40))
        self.longestToken = longestToken
        self.leeway = leeway
        self.heartbeat = heartbeat
    }

    /// How often the feed is read: four times within δ, so that one lost poll costs nothing.
    public var pollInterval: Duration { lease / 4 }

    /// How long an entry of the feed matters: until the last token that it could match has died, by whichever clock.
    ///
    /// A token is accepted whose issuer's clock is ahead by all of the leeway: it dies that much later.
    public var entryLife: Duration { longestToken + leeway + max(leeway, NodePolicy.clockSkew) }
}
