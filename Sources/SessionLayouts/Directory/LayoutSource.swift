public import Sessions

/// What a kind of store does for any layout: it finds keys, reads records, and carries out changes.
///
/// Looking changes nothing. Each function throws `SessionsError` as the store's own do.
public protocol LayoutSource: Sendable {
    /// The keys of a layout's sessions, or of what may be some, in an order of the store's own.
    ///
    /// - Parameters:
    ///   - mark: where the last call ended; `nil` for the first.
    ///   - limit: at most so many.
    /// - Returns: the keys, and where the next call begins; `nil`: these were the last.
    /// - Throws: `SessionsError`.
    func keys(after mark: [UInt8]?, limit: Int) async throws -> (keys: [[UInt8]], next: [UInt8]?)

    /// What lies under the first of some keys, in order; `nil` where nothing does, or nothing that could be a session.
    ///
    /// - Parameters:
    ///   - keys: the keys, at least one.
    ///   - whole: whether payloads are wanted; a list of a layout that tells all in columns can do without.
    /// - Returns: at least one, and no more than fit into a few MiB: the caller asks for the others.
    /// - Throws: `SessionsError`.
    func records(_ keys: ArraySlice<[UInt8]>, whole: Bool) async throws -> [LayoutRecord?]

    /// The members of a set, where a layout keeps one of each user's sessions; none where there is no such set.
    ///
    /// - Parameter key: the set's key.
    /// - Returns: the members, as the framework wrote them.
    /// - Throws: `SessionsError`.
    func members(ofSet key: [UInt8]) async throws -> [[UInt8]]

    /// Carries out changes, and says of each whether it was done: `false` where the session is gone, or was changed
    /// since it was read.
    func apply(_ changes: [LayoutChange]) async throws -> [Bool]

    /// Removes what changes that were done may have left behind, once for all of an order: it may take a look at every
    /// key.
    ///
    /// What is left there harms nobody: where it can't be removed, nothing has failed.
    ///
    /// - Parameter changes: those that were done.
    func tidy(after changes: [LayoutChange]) async

    /// What it has cost the servers; `nil`: there are none, or nobody counts.
    var traffic: StoreTraffic? { get }
}

extension LayoutSource {
    /// None: most stores have no sets.
    ///
    /// - Parameter key: not looked at.
    /// - Returns: nothing.
    /// - Throws: nothing.
    public func members(ofSet key: [UInt8]) async throws -> [[UInt8]] { [] }

    /// Does nothing: in most stores a change leaves nothing behind.
    ///
    /// - Parameter changes: not looked at.
    public func tidy(after changes: [LayoutChange]) async {}

    /// Not counted.
    public var traffic: StoreTraffic? { nil }
}
