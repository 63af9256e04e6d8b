import Sessions
import SessionsMemcached

extension MemcachedSharedCache {
    /// The shared cache of a URL; a password that it doesn't have is taken from the environment.
    static func share(_ url: StoreURL) throws -> MemcachedSharedCache {
        var configuration = try MemcachedConfiguration(url: url.secretText)
        if configuration.user != nil {
            configuration.password = configuration.password ?? CommandEnvironment.process.password
        }
        return try MemcachedSharedCache(configuration)
    }
}
