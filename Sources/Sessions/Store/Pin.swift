/// Where a balancer sends a session, by its stick table.
public struct Pin: Sendable, Hashable {
    /// The node; `nil`: the balancer knows the session, and has bound it to none.
    public var node: String?
    /// Whether the store that the balancer is joined with has such a session at all.
    public var hasSession: Bool

    /// Makes one.
    public init(node: String?, hasSession: Bool) {
        self.node = node
        self.hasSession = hasSession
    }
}

/// What a balancer's table and a store of sessions disagree on.
public enum PinTrouble: String, Sendable, CaseIterable {
    /// Another node served it last than it is sent to now.
    case elsewhere
    /// It has ended, and is sent to a node all the same.
    case ended
    /// The store knows no such session.
    case unknown
}

extension SessionRow {
    /// What its balancer and its store disagree on; `nil`: nothing, or one of them says nothing.
    ///
    /// A node of a name that several backends have is called `backend/name` by the balancer, and `name` by itself.
    public func pinTrouble(at now: Timestamp) -> PinTrouble? {
        guard let pin else { return nil }
        guard pin.hasSession else { return .unknown }
        guard standing(at: now) == .live else { return .ended }
        guard let sent = pin.node?.utf8, let served = node?.utf8, !sent.elementsEqual(served) else { return nil }
        let name = sent.split(separator: UInt8(ascii: "/")).last
        return name?.elementsEqual(served) ?? false ? nil : .elsewhere
    }
}
