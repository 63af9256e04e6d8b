import Sessions
import SessionsHAProxy

extension HAProxySource {
    /// Connects to the balancer that a URL names, and to the operator's own audit log for it.
    static func attach(_ url: StoreURL, _ access: StoreAccess) async throws -> HAProxySource {
        try await open(
            try HAProxyConfiguration(url: url.secretText), isReadOnly: access.isReadOnly,
            log: access.logs(of: url).log(), time: access.time)
    }
}
