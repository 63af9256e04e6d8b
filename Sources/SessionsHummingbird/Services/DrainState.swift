internal import Synchronization

/// Whether a service is about to stop: what a route for health checks looks at.
public final class DrainState: Sendable {
    private let isSet = Atomic(false)

    /// Not draining.
    public init() {}

    /// Whether the service is about to stop.
    public var isDraining: Bool { isSet.load(ordering: .relaxed) }

    /// From now on it is.
    public func begin() { isSet.store(true, ordering: .relaxed) }
}
