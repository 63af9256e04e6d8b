import SessionTesting
import Sessions

@testable import SessionsHAProxy

/// A shop behind a balancer: three servers that stand in its own configuration, sticky by the cookie `sid`.
struct Shop: Sendable {
    /// The balancer.
    let balancer: HAProxyServer
    /// The port that browsers go to.
    let port: Int

    /// How it is set up.
    struct Options {
        /// The shop's stick table.
        var table = "type string len 128 size 1k expire 30m store http_req_cnt,http_req_rate(10s) peers mates"
        /// What sticks.
        var stick = "stick on req.cook(sid)"
        /// More lines of its peers section.
        var peers: [String] = []
        /// More sections.
        var more = ""
        /// How the balancer is started.
        var server = HAProxyServer.Options()
    }

    /// Opens the shop for the time of a test.
    static func with(_ options: Options = Options(), _ body: (Shop) async throws -> Void) async throws {
        let port = FreePort.take()
        let servers = (1...3).map { (name: "web-0\($0)", port: FreePort.take()) }
        var lines = ["peers mates", "peer balancer 127.0.0.1:\(FreePort.take())"] + options.peers
        lines += ["frontend web", "bind 127.0.0.1:\(port)", "default_backend shop", "backend shop"]
        lines += ["balance roundrobin", "stick-table \(options.table)", options.stick]
        lines += ["http-request track-sc0 req.cook(sid) if { path /track /busy }"]
        lines += servers.map { "server \($0.name) 127.0.0.1:\($0.port)" }
        for server in servers {
            lines += ["frontend \(server.name)", "bind 127.0.0.1:\(server.port)"]
            lines += ["timeout tarpit 60s", "http-request tarpit if { path /busy }"]
            lines += ["http-request return status 200 content-type text/plain string \(server.name)"]
        }
        try await HAProxyServer.with((lines + [options.more]).joined(separator: "\n"), options.server) {
            try await body(Shop(balancer: $0, port: port))
        }
    }

    /// Visits the shop with a cookie, and tells the server that answered.
    @discardableResult
    func visit(_ cookie: String, path: String = "/") async throws -> String {
        try await Tool.run("curl", ["-sS", "-H", "Cookie: sid=\(cookie)", "http://127.0.0.1:\(port)\(path)"])
    }

    /// Tells the balancer something past everything that is tested; answers what it says.
    @discardableResult
    func tell(_ command: [UInt8]) async throws -> String {
        let octal = command.map { "\\0\(String($0, radix: 8))" }.joined()
        let script = "exec 3<>/dev/tcp/127.0.0.1/$2; printf '%b\\n' \"$1\" >&3; cat <&3"
        return try await Tool.run("bash", ["-c", script, "-", octal, "\(balancer.port)"])
    }

    /// The same, for a command that is text.
    @discardableResult
    func tell(_ command: String) async throws -> String { try await tell(Array(command.utf8)) }

    /// A client of the administrator's socket.
    var client: RuntimeClient {
        get throws { RuntimeClient(try HAProxyConfiguration(url: balancer.url())) }
    }

    /// The balancer as a directory of sessions.
    func source(_ parameters: String = "") async throws -> HAProxySource {
        let url = balancer.url() + (parameters.isEmpty ? "" : "?\(parameters)")
        return try await HAProxySource.open(HAProxyConfiguration(url: url))
    }

    /// One finding of doctor's.
    func finding(_ check: String, _ source: HAProxySource) async throws -> Finding? {
        try await source.findings(at: TimeSource.system.wall()).first { $0.check == check }
    }

    /// A visitor's cookie.
    static func cookie(_ number: Int) -> String { "cookie-of-visitor-\(number)" }

    /// Binds so many visitors to servers in turn, without a request; answers their sessions.
    func fill(_ count: Int) async throws -> [IDHash] {
        let commands = (0..<count).map { "set table shop key \(Self.cookie($0)) data.server_id \($0 % 3 + 1)" }
        // A line of HAProxy's has its limits.
        for start in stride(from: 0, to: count, by: 100) {
            try await tell(commands[start..<min(start + 100, count)].joined(separator: ";"))
        }
        return (0..<count).map { IDHash(hashing: Array(Self.cookie($0).utf8)) }
    }
}

extension Order {
    /// Somebody's, in a test.
    static let test = Order(actor: "mira@desk", reason: "INC-1", at: Timestamp(milliseconds: 0))
}
