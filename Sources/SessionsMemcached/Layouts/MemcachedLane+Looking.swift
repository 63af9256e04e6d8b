internal import Sessions

/// Looking at what others keep in a server: nothing is bumped, nothing is counted as fetched for its sake.
extension MemcachedLane {
    /// What the server holds, as its own list says.
    ///
    /// - Parameter command: a metadump.
    /// - Returns: what was kept of the list, and how many more there are.
    /// - Throws: `SessionsError`: `unsupported` where the server doesn't list, `busy` where it is listing already.
    func list(_ command: MemcachedCommand) async throws -> (items: [ListedItem], left: Int) {
        switch try await send(command).0 {
        case .listing(let items, let left): return (items, left)
        case .refused(.busy):
            throw SessionsError(.busy, "memcached at \(address) is listing its items for somebody else: try again")
        case .refused(.unknownCommand), .refused(.malformed), .refused(.failed):
            throw SessionsError(
                .unsupported,
                "memcached at \(address) doesn't list its items: start it with -o lru_crawler, and don't disable "
                    + "metadump there")
        case .refused(let refusal): throw SessionsError.refusal(refusal, address)
        default: throw SessionsError.notMemcached(address)
        }
    }

    /// An item as it is, or how long it is alone; `nil`: there is none.
    ///
    /// - Throws: `SessionsError`.
    func look(_ key: MemcachedKey, withValue: Bool) async throws -> (value: [UInt8], flags: MetaFlags)? {
        switch try await send(.look(key, withValue: withValue)).0 {
        case .item(let value, let flags): return (value, flags)
        case .outcome(.miss): return nil
        case .refused(let refusal): throw SessionsError.refusal(refusal, address)
        default: throw SessionsError.notMemcached(address)
        }
    }

    /// Does a change; `false`: nothing stands there.
    ///
    /// - Throws: `SessionsError`.
    func change(_ command: MemcachedCommand) async throws -> Bool {
        switch try await send(command).0 {
        case .outcome(.done): return true
        case .outcome(.notFound), .outcome(.miss): return false
        case .refused(let refusal): throw SessionsError.refusal(refusal, address)
        default: throw SessionsError.notMemcached(address)
        }
    }
}
