import Sessions
import SessionsNodes

extension NodesDirectory {
    /// Asks the nodes that a URL names; the token for all of them is taken from the environment.
    static func attach(_ url: StoreURL, _ access: StoreAccess) async throws -> NodesDirectory {
        var configuration = try NodesConfiguration(url: url.secretText)
        configuration.token = CommandEnvironment.process.password
        return try await open(configuration, time: access.time)
    }
}
