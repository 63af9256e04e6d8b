public import CoreMetrics
public import Sessions

/// How sessions travel over HTTP; the defaults are the ones of OWASP's cheat sheet on session management.
public struct SessionSettings: Sendable {
    /// The cookie that carries the id.
    public var cookie = SessionCookie.host
    /// The proxies whose word on a client's address is taken.
    public var trustedProxies = TrustedProxies.none
    /// A second cookie, which names the node that made the session; `nil`: none.
    public var affinity: AffinityCookie?
    /// What a client throws away at sign-out; empty: the header isn't sent.
    public var clearSiteData = SiteData.all
    /// Counts what was refused.
    public var attacks = AttackCounters()
    /// Where swift-metrics counts and times: `sessions.loads`, `sessions.load.duration`, `sessions.writes` and
    /// `sessions.write.duration`.
    public var metrics: any MetricsFactory = MetricsSystem.factory
    /// The clocks.
    public var time = TimeSource.system

    /// The defaults.
    public init() {}
}
