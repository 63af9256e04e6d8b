import Sessions
import SessionsHAProxy

extension HAProxySource {
    /// Connects to the balancer that a URL names, and to the operator's own audit log for it.
    static func attach(_ url: StoreURL, _ access: StoreAccess) async throws -> HAProxySource {
        let log = StateFolder.path(access.variable).map { "\($0)/audit-\(url.stateName).jsonl" }
        if !access.isReadOnly, let folder = StateFolder.path(access.variable) { try StateFolder.make(folder) }
        return try await open(
            try HAProxyConfiguration(url: url.secretText), isReadOnly: access.isReadOnly,
            log: log.map { OperatorLog(path: $0) }, time: access.time)
    }
}
