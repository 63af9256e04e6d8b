internal import Crypto

/// Deals keys out to servers by consistent hashing, as the clients that speak ketama do.
///
/// Agrees with libmemcached's weighted ketama, and so with whatever is built on it: 160 points a server by its weight,
/// four from each MD5 of `HOST:PORT-NUMBER`, the port left out where it is 11211. Where a server is added or lost, only
/// its share of the keys moves. Here it never moves by itself: see ``MemcachedClient``.
struct KetamaRing: Sendable {
    private static let hashesPerServer = 40

    /// Points in order, and the server of each.
    private let points: [UInt32]
    private let owners: [UInt16]

    /// Makes a ring.
    ///
    /// - Parameter servers: 1 to 1000.
    init(_ servers: [MemcachedAddress]) {
        let total = servers.reduce(0) { $0 + $1.weight }
        var ring: [(point: UInt32, owner: UInt16)] = []
        for (index, server) in servers.enumerated() {
            let label = server.ketamaLabel
            for number in 0..<Self.hashes(of: server, among: servers.count, weighing: total) {
                let digest = Array(Insecure.MD5.hash(data: Array("\(label)-\(number)".utf8)))
                for start in [0, 4, 8, 12] { ring.append((Self.word(digest[start...]), UInt16(index))) }
            }
        }
        // Of two servers' points in one place, the first server's counts.
        ring.sort { ($0.point, $0.owner) < ($1.point, $1.owner) }
        points = ring.map(\.point)
        owners = ring.map(\.owner)
    }

    /// The index of the server that a key belongs to.
    func owner(of key: MemcachedKey) -> Int {
        guard let last = points.last, let first = owners.first else { return 0 }
        let hash = Self.word(Array(Insecure.MD5.hash(data: key.bytes))[...])
        guard hash <= last else { return Int(first) }
        var (low, high) = (0, points.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if points[middle] < hash { low = middle + 1 } else { high = middle }
        }
        return Int(owners[low])
    }

    /// In 32-bit floats, as libmemcached reckons: else two clients would differ by a point.
    private static func hashes(of server: MemcachedAddress, among count: Int, weighing total: Int) -> Int {
        let share = Float(server.weight) / Float(total)
        let exact = Double(share * Float(hashesPerServer * 4) / 4 * Float(count)) + 0.000_000_000_1
        return Int(Float(exact).rounded(.down))
    }

    private static func word(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}

extension MemcachedAddress {
    /// The name that the server's points are made of.
    fileprivate var ketamaLabel: String { port == Self.defaultPort ? host : "\(host):\(port)" }
}
