import Sessions
import SessionsMemcached

extension MemcachedSharedCache {
    /// The shared cache of a URL; a password that it doesn't have is taken from the environment.
    static func share(_ url: StoreURL) throws -> MemcachedSharedCache {
        try MemcachedSharedCache(try MemcachedConfiguration(url))
    }
}

extension MemcachedLayouts {
    /// Opens other frameworks' sessions that a URL names: our own are never kept there.
    static func attach(_ url: StoreURL, _ access: StoreAccess) async throws -> any SessionDirectory {
        try await open(
            try MemcachedConfiguration(url), layout: access.layout, isReadOnly: access.isReadOnly, time: access.time)
    }
}

extension MemcachedConfiguration {
    /// Reads a URL; a password that it doesn't have is taken from the environment.
    fileprivate init(_ url: StoreURL) throws {
        try self.init(url: url.secretText)
        if user != nil { password = password ?? CommandEnvironment.process.password }
    }
}
