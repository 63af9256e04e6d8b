import Sessions
import SessionsHAProxy

extension HAProxySource {
    /// Connects to the balancer that a URL names.
    static func attach(_ url: StoreURL, _ access: StoreAccess) async throws -> HAProxySource {
        try await open(
            try HAProxyConfiguration(url: url.secretText), isReadOnly: access.isReadOnly, time: access.time)
    }
}
