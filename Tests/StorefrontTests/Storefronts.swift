import Foundation
import SessionTesting

/// Three instances of the shop behind a real balancer.
struct Storefronts {
    /// The balancer's port.
    let port: Int
    /// The balancer's port for TLS; its certificate is a test's own.
    let securePort: Int
    /// One for each instance, in the order of their names.
    let ports: [Int]
    /// The admin API of each instance, where sessions are in memory.
    let adminPorts: [Int]
    let instances: [ServerProcess]
    let balancer: HAProxyServer
    let folder: String

    /// The admin APIs of all instances, as sessiontop takes them.
    var adminURL: String { adminPorts.map { "http://127.0.0.1:\($0)" }.joined(separator: ",") }

    /// A customer of the shop.
    func shopper(_ name: String) -> Shopper { Shopper(name, in: folder, port: port) }

    /// The number of an instance by its name: `web-01` is 0.
    func number(of node: String?) -> Int? { node.flatMap { Int($0.suffix(2)) }.map { $0 - 1 } }

    /// Starts the shop for the time of a test.
    ///
    /// - Parameters:
    ///   - arguments: of each instance, besides its name and port.
    ///   - isSticky: whether a client comes back to its instance; else any answers.
    ///   - body: gets the shop when the balancer serves it.
    /// - Throws: what `body` throws, and where something doesn't start.
    static func with(
        _ arguments: [String], isSticky: Bool = true, _ body: (Storefronts) async throws -> Void
    ) async throws {
        try await ScratchFolder.with { folder in
            let ports = (0..<3).map { _ in FreePort.take() }
            let adminPorts = arguments.contains("memory") ? (0..<3).map { _ in FreePort.take() } : []
            let commands = ports.enumerated().map { number, port in
                command(
                    name(number), port: port,
                    arguments + sharing(number, adminPorts) + [
                        "--keys", "\(folder)/keys", "--token-keys", "\(folder)/jwks", "--proxy", "127.0.0.1",
                    ])
            }
            try await ServerProcess.withAll(commands) { instances in
                let (port, securePort) = (FreePort.take(), FreePort.take())
                let certificates = try await TestCertificates(in: "\(folder)/tls")
                let pem = try [certificates.server, certificates.serverKey].map {
                    try String(contentsOfFile: $0, encoding: .utf8)
                }
                try Data(pem.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: "\(folder)/tls.pem"))
                let front = ["bind 127.0.0.1:\(port)", "bind 127.0.0.1:\(securePort) ssl crt \(folder)/tls.pem"]
                try await HAProxyServer.with(sections(front, ports, isSticky: isSticky)) { balancer in
                    let shop = Storefronts(
                        port: port, securePort: securePort, ports: ports, adminPorts: adminPorts, instances: instances,
                        balancer: balancer, folder: folder)
                    try await Waiting.until("the balancer to find the instances") {
                        try await Shopper("nobody", in: folder, port: port).get("/health").status == 200
                    }
                    try await body(shop)
                }
            }
        }
    }

    /// One instance.
    static func command(_ node: String, port: Int, _ arguments: [String]) -> ServerProcess.Command {
        ServerProcess.Command(
            BuiltProgram.path("Storefront"), ["--node", node, "--port", "\(port)"] + arguments
        ) { LoopbackPort.isOpen(port) }
    }

    private static func name(_ number: Int) -> String { "web-0\(number + 1)" }

    /// The admin API of an instance, and those of its peers.
    private static func sharing(_ number: Int, _ adminPorts: [Int]) -> [String] {
        guard !adminPorts.isEmpty else { return [] }
        let peers = adminPorts.enumerated().filter { $0.offset != number }
        return ["--admin", "\(adminPorts[number])"] + peers.flatMap { ["--peer", "\(name($0.offset))=\($0.element)"] }
    }

    private static func sections(_ front: [String], _ ports: [Int], isSticky: Bool) -> String {
        let servers = ports.enumerated().map { "    server \(name($0)) 127.0.0.1:\($1) check" }
        let rules = ports.indices.map {
            "    use-server \(name($0)) if { req.cook(__Host-node) -m beg \(name($0)). }"
        }
        let table = [
            "stick-table type string len 64 size 1k expire 30m", "stick match req.cook(__Host-session)",
            "stick store-request req.cook(__Host-session)", "stick store-response res.cook(__Host-session)",
        ]
        return """
            frontend web
            \(front.joined(separator: "\n"))
                http-request set-header X-Forwarded-For %[src]
                default_backend shop
            backend shop
                balance roundrobin
                retry-on conn-failure empty-response
                option httpchk GET /health
                http-check disable-on-404
                default-server inter 200ms fall 1 rise 1
            \((isSticky ? rules + table : []).joined(separator: "\n"))
            \(servers.joined(separator: "\n"))
            """
    }
}
