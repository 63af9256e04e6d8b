import Sessions
import SessionsPostgres

extension PostgresStore {
    /// Opens the sessions that a URL names, which must be there: an operator's command never makes any.
    static func attach(_ url: StoreURL, _ access: StoreAccess) async throws -> any SessionDirectory {
        let password = try access.password()
        return try await access.attach(
            native: {
                try await open(
                    url: url.secretText, mode: access.isReadOnly ? .readOnly : .operating, password: password,
                    time: access.time)
            },
            foreign: {
                try await PostgresLayouts.open(
                    url: url.secretText, layout: $0, isReadOnly: access.isReadOnly, password: password,
                    logs: access.logs(of: url), time: access.time)
            })
    }

    /// Opens the store of a URL for a service, and makes it where it is missing.
    static func serve(_ url: StoreURL) async throws -> PostgresStore {
        try await open(url: url.secretText, mode: .create, password: CommandEnvironment.process.password)
    }
}
