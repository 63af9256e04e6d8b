import SessionTesting

/// Three instances of the shop behind a real balancer.
struct Storefronts {
    /// The balancer's port.
    let port: Int
    /// One for each instance, in the order of their names.
    let ports: [Int]
    let instances: [ServerProcess]
    let balancer: HAProxyServer
    let folder: String

    /// A customer of the shop.
    func shopper(_ name: String) -> Shopper { Shopper(name, in: folder, port: port) }

    /// The number of an instance by its name: `web-01` is 0.
    func number(of node: String?) -> Int? { node.flatMap { Int($0.suffix(2)) }.map { $0 - 1 } }

    /// Starts the shop for the time of a test.
    ///
    /// - Parameters:
    ///   - arguments: of each instance, besides its name and port.
    ///   - body: gets the shop when the balancer serves it.
    /// - Throws: what `body` throws, and where something doesn't start.
    static func with(_ arguments: [String], _ body: (Storefronts) async throws -> Void) async throws {
        try await ScratchFolder.with { folder in
            let ports = (0..<3).map { _ in FreePort.take() }
            let commands = ports.enumerated().map { number, port in
                command(
                    name(number), port: port, arguments + ["--keys", "\(folder)/keys", "--proxy", "127.0.0.1"])
            }
            try await ServerProcess.withAll(commands) { instances in
                let port = FreePort.take()
                try await HAProxyServer.with(sections(port, ports)) { balancer in
                    let shop = Storefronts(
                        port: port, ports: ports, instances: instances, balancer: balancer, folder: folder)
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

    private static func sections(_ port: Int, _ ports: [Int]) -> String {
        let servers = ports.enumerated().map { "    server \(name($0)) 127.0.0.1:\($1) check" }
        return """
            frontend web
                bind 127.0.0.1:\(port)
                http-request set-header X-Forwarded-For %[src]
                default_backend shop
            backend shop
                balance roundrobin
                retry-on conn-failure empty-response
                option httpchk GET /health
                default-server inter 200ms fall 1 rise 1
                stick-table type string len 64 size 1k expire 30m
                stick match req.cook(__Host-session)
                stick store-request req.cook(__Host-session)
                stick store-response res.cook(__Host-session)
            \(servers.joined(separator: "\n"))
            """
    }
}
