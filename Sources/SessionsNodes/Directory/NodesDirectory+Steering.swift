public import Sessions
internal import Synchronization

extension NodesDirectory {
    /// Takes a node out or in again: it takes no new sessions, or hands over those that it has, or takes new ones as before.
    ///
    /// Its sessions go to the nodes of this directory that answer and aren't being drained themselves.
    ///
    /// - Throws: ``SessionsError`` with `storeNotFound` where there is no such node, and where it didn't take the order.
    public func steer(_ node: String, to wanted: NodeOrder, order: Order) async throws {
        if let reason = capabilities.steering.reason { throw SessionsError(.refused, "no node is moved: \(reason)") }
        let (index, peers) = book.withLock { ($0.index(of: node), $0.heirs(of: node)) }
        guard let index else {
            throw SessionsError(.storeNotFound, "there is no node \(node): look again, it may have another name now")
        }
        let body = JSONValue.object(
            [.init("to", .string(wanted.rawValue)), .init("peers", .array(peers.map { .string($0) }))] + order.members)
        let answers = try await ask([index]) { client in try NodeSelf(try await client.post("/v1/steer", body)) }
        if let found = answers.first?.answer.success {
            book.withLock { $0.note(found, of: index, at: time.wall()) }
        }
    }
}

extension NodeBook {
    /// The place of a node by its name.
    fileprivate func index(of node: String) -> Int? {
        pages.firstIndex { $0.name.hasBytes(of: node) }
    }

    /// The nodes that can take over a node's sessions.
    fileprivate func heirs(of node: String) -> [String] {
        pages.filter { page in
            page.isMemory && page.failure == nil && page.report?.status == .up
                && !page.name.hasBytes(of: node)
        }.map(\.name)
    }
}
