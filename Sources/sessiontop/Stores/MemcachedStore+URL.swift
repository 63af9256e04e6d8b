import Sessions
import SessionsMemcached

extension MemcachedStore {
    /// Opens the sessions that a URL names, which must be there: an operator's command never begins any.
    static func attach(_ url: StoreURL, _ access: StoreAccess) async throws -> any SessionDirectory {
        let configuration = try MemcachedConfiguration(url, password: access.password)
        return try await access.attach(
            native: {
                try await open(configuration, mode: access.isReadOnly ? .readOnly : .existing, time: access.time)
            },
            foreign: {
                try await MemcachedLayouts.open(
                    configuration, layout: $0, isReadOnly: access.isReadOnly, logs: access.logs(of: url),
                    time: access.time)
            })
    }

    /// Opens the store of a URL for a service, and begins it where it is empty.
    static func serve(_ url: StoreURL) async throws -> MemcachedStore {
        try await open(try MemcachedConfiguration(url), mode: .create)
    }
}

extension MemcachedConfiguration {
    /// Reads a URL; a password that it doesn't have is taken from the environment, or from where a context says.
    init(
        _ url: StoreURL, password other: () throws -> String? = { CommandEnvironment.process.password }
    ) throws {
        try self.init(url: url.secretText)
        if user != nil, password == nil { password = try other() }
    }
}
