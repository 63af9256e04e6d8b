internal import Sessions

/// The proxies whose word on a client's address is taken.
///
/// `X-Forwarded-For` is a list to which each proxy adds whom it heard from, at the end; everything before the first
/// trusted proxy is the client's own invention. So the list is read from its end, for as long as whoever added the entry
/// is trusted.
public struct TrustedProxies: Sendable, Equatable {
    private let networks: [IPNetwork]

    /// The most entries that are looked at.
    static let longestChain = 16

    /// No proxy: the connection's own address is the client's.
    public static let none = TrustedProxies(networks: [])

    /// Trusts the proxies of some networks.
    ///
    /// - Parameter networks: addresses or networks: `127.0.0.1`, `10.0.0.0/8`, `fd00::/8`.
    /// - Throws: `SessionsError` with `usage` for a text that is neither.
    public init(_ networks: [String]) throws {
        self.networks = try networks.map { text in
            guard let network = IPNetwork(text) else {
                throw SessionsError(.usage, "\(text) is no network: write an address, or one with a prefix: 10.0.0.0/8")
            }
            return network
        }
    }

    private init(networks: [IPNetwork]) { self.networks = networks }

    /// The client's address.
    ///
    /// - Parameters:
    ///   - peer: where the connection comes from.
    ///   - fields: the values of `X-Forwarded-For`, in their order.
    /// - Returns: an address in its usual form; what a trusted proxy wrote and isn't one ends the search at that proxy.
    public func client(peer: String?, forwarded fields: [String]) -> String? {
        guard let peer, var found = IPAddress(peer) else { return nil }
        guard !networks.isEmpty, isTrusted(found) else { return "\(found)" }
        let entries = fields.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
        for entry in entries.reversed().prefix(Self.longestChain) {
            guard isTrusted(found), let next = IPAddress(String(entry.drop { $0 == " " }.prefix { $0 != " " })) else {
                break
            }
            found = next
        }
        return "\(found)"
    }

    private func isTrusted(_ address: IPAddress) -> Bool { networks.contains { $0.contains(address) } }
}
