public import ServiceLifecycle
public import Sessions

/// Gives a balancer time to take a node out, before the node stops listening.
///
/// List it **after** the application: it is the first to hear of a shutdown. The node says `draining` from then on, and a
/// route for the balancer's health checks should answer 503, see ``DrainState``.
public struct DrainService: Service {
    private let node: ServiceNode
    private let state: DrainState
    private let duration: Duration
    private let time: TimeSource

    /// Makes the service.
    ///
    /// - Parameters:
    ///   - node: says that it drains.
    ///   - state: what the health checks look at.
    ///   - duration: longer than the balancer needs to notice.
    ///   - time: the clocks.
    public init(_ node: ServiceNode, state: DrainState, for duration: Duration, time: TimeSource = .system) {
        self.node = node
        self.state = state
        self.duration = duration
        self.time = time
    }

    /// Waits for the shutdown, drains, and returns.
    ///
    /// - Throws: nothing by itself.
    public func run() async throws {
        try? await gracefulShutdown()
        state.begin()
        node.setDraining(true)
        try? await time.sleep(time.monotonic() + duration)
    }
}
