/// Deals sessions out to nodes by rendezvous hashing: the node with the highest weight for an id owns it.
///
/// When a node goes, its sessions move to their second choices and no other session moves. For up to about 100 nodes: each
/// look-up weighs every node.
public struct Rendezvous: Sendable, Equatable {
    /// The nodes, in the order of their names' bytes, each once.
    public let nodes: [String]
    private let seeds: [UInt64]

    /// Deals out to these nodes; their order is of no matter.
    public init(nodes: some Sequence<String>) {
        var names: [[UInt8]] = []
        for name in nodes.map({ Array($0.utf8) }).sorted(by: { $0.lexicographicallyPrecedes($1) })
        where names.last != name {
            names.append(name)
        }
        self.nodes = names.map { String(decoding: $0, as: UTF8.self) }
        seeds = names.map { IDHash(hashing: $0).words.0 }
    }

    /// The node that a session belongs to; `nil` where there are no nodes.
    public func owner(of id: IDHash) -> String? { choices(of: id)?.first }

    /// The node that a session belongs to, and the one that takes over when that is gone.
    ///
    /// - Returns: `nil` where there are no nodes; `second` is `nil` where there is but one.
    public func choices(of id: IDHash) -> (first: String, second: String?)? {
        var best: (weight: UInt64, index: Int)?
        var next: (weight: UInt64, index: Int)?
        for (index, seed) in seeds.enumerated() {
            let weight = Self.mix(id.words.1 ^ Self.mix(seed ^ id.words.0))
            if weight > best?.weight ?? 0 || best == nil {
                (best, next) = ((weight, index), best)
            } else if weight > next?.weight ?? 0 || next == nil {
                next = (weight, index)
            }
        }
        return best.map { (nodes[$0.index], next.map { nodes[$0.index] }) }
    }

    /// SplitMix64's finaliser (S.
    ///
    /// Vigna): every bit of the input moves every bit of the output.
    private static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
