internal import Sessions

/// What all requests of one middleware have in common.
final class SessionDesk: Sendable {
    let node: ServiceNode
    let settings: SessionSettings
    let metrics: SessionMetrics
    let lanes = UpdateLanes()
    let issued = IssuedDeadlines()
    let versions: SeenVersion

    init(_ node: ServiceNode, _ settings: SessionSettings, versions: SeenVersion) {
        self.node = node
        self.settings = settings
        self.versions = node.policy.isStrict ? .untold : versions
        metrics = SessionMetrics(settings.metrics)
    }
}
