internal import NIOSSL
public import Sessions
internal import SessionsTransport

/// Brings a node's sessions to its peers' admin APIs, when the node is drained.
///
///     let peers = try NodePeers(["web-01": configuration.addresses[0], …], configuration)
///     await sticky.run(peers.transfer)
public struct NodePeers: Sendable {
    private let clients: [String: NodeClient]

    /// Makes one; nothing is connected before it is used.
    ///
    /// - Parameters:
    ///   - addresses: where each node's admin API listens, by the node's name.
    ///   - configuration: TLS and token; its own addresses don't matter.
    /// - Throws: `SessionsError` with `usage` where a file for TLS can't be used.
    public init(_ addresses: [String: NodeAddress], _ configuration: NodesConfiguration) throws {
        let context = try addresses.values.contains(where: \.isEncrypted) ? configuration.tls.makeContext() : nil
        clients = addresses.mapValues { NodeClient($0, configuration, context: context) }
    }

    /// Brings sessions to a node.
    ///
    /// - Throws: `HandOver.NotDelivered` where the node can't be reached; what else is thrown leaves it open.
    public func transfer(_ node: String, _ sessions: HandOver) async throws -> [Adoption] {
        guard let client = clients[node] else {
            throw HandOver.NotDelivered(
                because: SessionsError(.usage, "no address is known of the node \(node): name it among the peers"))
        }
        let answer: JSONFields
        do {
            answer = try await client.deliver("/v1/hand-over", sessions.json)
        } catch let error as NodeClient.NotReached {
            throw HandOver.NotDelivered(because: error.reason)
        } catch let error as SessionsError where error.isAnswer {
            // It said no before it looked at them: the token, the length.
            throw HandOver.NotDelivered(because: error)
        }
        // It has taken them in, whatever it says: a word of a later version leaves open what became of them.
        return try answer.words("answers")
    }
}
