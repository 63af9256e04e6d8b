import Sessions
import Testing

@testable import sessiontop

@Suite("Store URLs")
struct StoreURLTests {
    @Test("A password is never printed, whatever characters it has and wherever it stands", arguments: 0..<500)
    func masking(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        // No two characters of it occur in the rest of the URL, so that finding any piece of it means a leak.
        let alphabet = Array("QXZ7@:/?#&;=%+[]")
        let password = "Q" + String((0..<8).map { _ in alphabet.randomElement(using: &generator) ?? "Q" }) + "Z7X"
        let forms = [
            "redis://user:\(password)@host:6379/0", "rediss://:\(password)@host",
            "postgres://user:\(password)@a,b/shop",
            "postgres://host:5432/shop?user=app&password=\(password)", "postgres://h/d?sslpassword=\(password)&x=1",
            "https://user:\(password)@one:8443,https://user:\(password)@two", "memcached://user:\(password)@a,b",
            "redis+unix:/run/r.sock?password=\(password)", "redis:user:\(password)@host",
        ]
        for form in forms {
            let shown = try #require(StoreURL(form)).description
            #expect(!shown.contains("Z7X"), "\(shown)")
            #expect(!shown.contains(password))
            #expect(shown.contains("***") && shown.hasPrefix(String(form.prefix(5))))
        }
    }

    @Test(
        "Without a password nothing is masked",
        arguments: [
            "sqlite:/var/lib/a:b@c.db", "redis://host:6379/0", "postgres://app@host/shop", "haproxy:/run/haproxy.sock",
            "https://one:8443,https://two:8443",
        ])
    func harmless(text: String) throws {
        #expect(try #require(StoreURL(text)).description == text)
    }

    @Test(
        "An error about a URL has its password masked, too",
        arguments: [
            "redis://user:sesame@host", "postgre://user:sesame@host", "://user:sesame@host",
            "re dis://user:sesame@host",
        ])
    func errors(text: String) async throws {
        let result = try await CommandShop().run("list", text)
        #expect([64, 69].contains(result.status))
        #expect(!"\(try #require(result.error))".contains("sesame"))
    }

    @Test("Only what has a scheme is a URL: anything else may be a context")
    func names() {
        for name in ["staging", "", ":x", "a b:c", "ü:c"] { #expect(StoreURL(name) == nil, "\(name)") }
        #expect(StoreURL("SQLite:x.db")?.scheme == "sqlite")
    }

    @Test("Every scheme of the contract is known, and one that isn't built in says so")
    func schemes() {
        let contract = [
            "sqlite:x", "redis://h", "rediss://h", "redis+unix:/s", "valkey://h", "redis-sentinel://h/N",
            "redis-cluster://h",
            "postgres://h", "memcached://h", "memcacheds://h", "https://h", "http://h", "haproxy:/s",
        ]
        for text in contract {
            guard let url = StoreURL(text) else {
                Issue.record("\(text) is no URL")
                continue
            }
            #expect(StoreScheme.all.contains { $0.names.contains(url.scheme) }, "\(text)")
        }
        #expect(throws: SessionsError.self) { try StoreScheme.of(try #require(StoreURL("gopher://h"))) }
    }
}
