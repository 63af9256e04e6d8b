internal import Sessions

/// What all requests of one middleware have in common.
final class SessionDesk: Sendable {
    let node: ServiceNode
    let settings: SessionSettings
    let metrics: SessionMetrics
    let lanes = UpdateLanes()
    let issued = IssuedDeadlines()

    init(_ node: ServiceNode, _ settings: SessionSettings) {
        self.node = node
        self.settings = settings
        metrics = SessionMetrics(settings.metrics)
    }
}
