import Sessions
import SessionsMemcached

extension MemcachedSharedCache {
    /// The shared cache of a URL.
    static func share(_ url: StoreURL) throws -> MemcachedSharedCache {
        try MemcachedSharedCache(try MemcachedConfiguration(url))
    }
}
