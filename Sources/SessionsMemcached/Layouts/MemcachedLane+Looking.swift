internal import Sessions

/// Looking at what others keep in a server: nothing is bumped, nothing is counted as fetched for its sake.
extension MemcachedLane {
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
