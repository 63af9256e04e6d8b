public import ServiceLifecycle
public import Sessions

/// Runs a ``ServiceNode`` in a `ServiceGroup`.
///
/// List it **before** the application: services stop in the reverse order, so the last requests are answered while the
/// node still knows what it serves, and then it says goodbye.
public struct NodeService: Service {
    private let node: ServiceNode

    /// Takes a node.
    public init(_ node: ServiceNode) { self.node = node }

    /// Runs the node until the group shuts down.
    ///
    /// - Throws: nothing by itself.
    public func run() async throws {
        try await cancelWhenGracefulShutdown { try await node.run() }
    }
}
