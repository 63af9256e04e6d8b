import Sessions
import SessionsRedis

extension RedisStore {
    /// Opens the sessions that a URL names, which must be there: an operator's command never begins any.
    static func attach(_ url: StoreURL, _ access: StoreAccess) async throws -> any SessionDirectory {
        let configuration = try {
            var configuration = try RedisConfiguration(url, password: access.password)
            configuration.keepsIdleTimes = true
            return configuration
        }()
        return try await access.attach(
            native: {
                try await open(configuration, mode: access.isReadOnly ? .readOnly : .operating, time: access.time)
            },
            foreign: {
                try await RedisLayouts.open(
                    configuration, layout: $0, isReadOnly: access.isReadOnly, logs: access.logs(of: url),
                    time: access.time)
            })
    }

    /// Opens the store of a URL for a service, and begins it where it is empty.
    static func serve(_ url: StoreURL) async throws -> RedisStore {
        try await open(try RedisConfiguration(url), mode: .create)
    }
}

extension RedisSharedCache {
    /// The shared cache of a URL; it connects when it is first used.
    static func share(_ url: StoreURL) throws -> RedisSharedCache { try RedisSharedCache(try RedisConfiguration(url)) }
}

extension RedisConfiguration {
    /// Reads a URL; a password that it doesn't have is taken from the environment, or from where a context says.
    fileprivate init(
        _ url: StoreURL, password other: () throws -> String? = { CommandEnvironment.process.password }
    ) throws {
        try self.init(url: url.secretText)
        if password == nil { password = try other() }
    }
}
