public import Sessions

/// What a node lets its operators see and do over HTTP: its sessions, its counters, revokes, and its drain.
///
/// Off unless an ``AdminListener`` serves it:
///
///     let admin = AdminListener(AdminAPI(sticky), AdminConfiguration())   // http://127.0.0.1:9180
///
/// Run the listener beside the service. `sessiontop https://node1,https://node2` speaks to it, and the description of the
/// whole stands at `/openapi.json`.
public struct AdminAPI: Sendable {
    /// Nothing may be changed.
    public var isReadOnly = false

    let node: ServiceNode
    let directory: any SessionDirectory
    let sticky: StickyNode?
    let time: TimeSource

    /// The most rows, ids or entries in one answer, and in one order.
    static let pageLimit = 1000
    /// The longest body of a request, in bytes: a thousand sessions that are handed over may be this large.
    static let bodyLimit = 16 << 20
    /// How long a request may take to arrive.
    static let bodyTime = Duration.seconds(10)
    /// The most event streams at once.
    static let streamLimit = 8
    /// How often an event stream looks for changes.
    static let streamInterval = Duration.milliseconds(500)
    /// After so long without a change a stream sends an empty line, to see whether anybody listens.
    static let streamSilence = Duration.seconds(15)

    /// The API of a node that holds its sessions in its own memory.
    public init(_ sticky: StickyNode, time: TimeSource = .system) {
        (node, directory, self.sticky, self.time) = (sticky.node, sticky.store, sticky, time)
    }

    /// The API of a node over a store that others may share.
    ///
    /// - Parameters:
    ///   - node: the node.
    ///   - directory: the operator's plane of its store.
    ///   - time: the clocks.
    public init(_ node: ServiceNode, directory: any SessionDirectory, time: TimeSource = .system) {
        (self.node, self.directory, sticky, self.time) = (node, directory, nil, time)
    }
}
