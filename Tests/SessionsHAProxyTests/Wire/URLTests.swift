import Sessions
import Testing

@testable import SessionsHAProxy

@Suite("URLs of balancers")
struct URLTests {
    @Test("A socket's path, or a host with its port")
    func addresses() throws {
        let examples: [(String, HAProxyAddress)] = [
            ("haproxy:/run/haproxy/admin.sock", .unixSocket("/run/haproxy/admin.sock")),
            ("HAPROXY:/a%20b%3F.sock", .unixSocket("/a b?.sock")),
            ("haproxy://127.0.0.1:9999", .host("127.0.0.1", port: 9999)),
            ("haproxy://[::1]:1", .host("::1", port: 1)),
        ]
        for (url, address) in examples {
            let configuration = try HAProxyConfiguration(url: url)
            #expect(configuration.address == address && configuration.table == nil && !configuration.allowsPlaintext)
        }
        let full = try HAProxyConfiguration(url: "haproxy:/s?table=peers%2Fshop&plaintext=yes")
        #expect(full.table == "peers/shop" && full.allowsPlaintext)
    }

    @Test("What can't be used is refused with what to write instead")
    func faults() {
        let urls = [
            "haproxy", "haproxy:", "haproxy:relative.sock", "haproxy://", "haproxy:///run/a.sock", "haproxy://host",
            "haproxy://host:0", "haproxy://host:65536", "haproxy://host:x", "haproxy://me:secret@host:1",
            "haproxy:/s?table=", "haproxy:/s?table=a&table=b", "haproxy:/s?plaintext=maybe", "haproxy:/s?other=1",
            "haproxy:/s?table", "haproxy:/%zz", "haproxy:/%00", "haproxy:/a#b", "redis:/s",
        ]
        for url in urls {
            let error = #expect(throws: SessionsError.self, "\(url)") { try HAProxyConfiguration(url: url) }
            #expect(error?.code == .usage && error?.message.contains("secret") == false)
        }
    }
}
