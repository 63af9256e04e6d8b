import Sessions
import SessionsNodes

extension NodesDirectory {
    /// Asks the nodes that a URL names; the token for all of them stands in no URL.
    static func attach(_ url: StoreURL, _ access: StoreAccess) async throws -> NodesDirectory {
        var configuration = try NodesConfiguration(url: url.secretText)
        configuration.token = try access.password()
        return try await open(configuration, time: access.time)
    }
}
