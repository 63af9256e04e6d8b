import Sessions
import SessionsTransport
import Testing

@testable import SessionsRedis

@Suite("Redis URLs")
struct RedisURLTests {
    @Test("One server: host, port, database, user and password")
    func server() throws {
        let plain = try RedisConfiguration(url: "redis://host")
        #expect(plain.topology == .server(.host("host", port: 6379)))
        #expect(plain.database == 0 && plain.user == nil && plain.password == nil && plain.tls == nil)
        #expect(!plain.allowsPlaintext)
        let whole = try RedisConfiguration(url: "VALKEYS://ann:a%40b%3Ac%2F%3F%23@[::1]:7000/12?verify=ca&servername=s")
        #expect(whole.topology == .server(.host("::1", port: 7000)))
        #expect(whole.database == 12 && whole.user == "ann" && whole.password == "a@b:c/?#")
        #expect(whole.tls?.verification == .chain && whole.tls?.serverName == "s")
        #expect(try RedisConfiguration(url: "redis://:pw:x@h/").password == "pw:x")
        #expect(try RedisConfiguration(url: "redis://a@b@h").user == "a@b")
        #expect(try RedisConfiguration(url: "redis://:p/w@h/1").password == "p/w")
        #expect(try RedisConfiguration(url: "redis://ann@h").password == nil)
        #expect(try RedisConfiguration(url: "redis://h?plaintext=yes").allowsPlaintext)
        let files = try RedisConfiguration(url: "rediss://h?cacert=/a%20b.pem&cert=c&key=k").tls
        #expect(files?.authorityFile == "/a b.pem" && files?.certificateFile == "c" && files?.keyFile == "k")
    }

    @Test("A Unix socket")
    func unixSocket() throws {
        for url in ["redis+unix:/run/r@1:x.sock?db=3", "valkey+unix:///run/r@1:x.sock?db=3"] {
            let configuration = try RedisConfiguration(url: url)
            #expect(configuration.topology == .server(.unixSocket("/run/r@1:x.sock")))
            #expect(configuration.database == 3)
        }
        let person = try RedisConfiguration(url: "redis+unix://ann:pw@/r.sock")
        #expect(person.user == "ann" && person.password == "pw")
    }

    @Test("Sentinel and Cluster")
    func several() throws {
        let sentinel = try RedisConfiguration(
            url: "redis-sentinel://u:p@a,b:1/main/2?sentinelpassword=q&sentineluser=s&tls=yes")
        #expect(sentinel.topology == .sentinel([.host("a", port: 26379), .host("b", port: 1)], name: "main"))
        #expect(sentinel.database == 2 && sentinel.password == "p" && sentinel.sentinelPassword == "q")
        #expect(sentinel.sentinelUser == "s" && sentinel.tls != nil)
        let cluster = try RedisConfiguration(url: "valkeys-cluster://a,[::1]:2")
        #expect(cluster.topology == .cluster([.host("a", port: 6379), .host("::1", port: 2)]))
        #expect(cluster.tls == ClientTLS())
    }

    @Test(
        "What can't be used is refused, without the password in the words",
        arguments: [
            "", "redis", "redis:host", "redis://", "redis://:sesame@", "redis://h:x", "redis://h:0", "redis://h:65536",
            "redis://h/x", "redis://h/1/2", "redis://h/-1", "redis://a,b", "redis://a:ses?ame@h",
            "redis://a:ses#ame@h", "redis://a:sesame%4@h", "redis://a:%ffsesame@h", "redis://a:%00sesame@h",
            "redis://h?cacert=x", "redis://h?password=sesame", "rediss://h?verify=maybe", "redis://h?db=1",
            "redis://h?plaintext", "redis://h?plaintext=1", "redis+unix:r.sock", "redis-sentinel://a",
            "redis-sentinel://a/",
            "redis-cluster://a/1", "redis-cluster://a,", "gopher://h", "rediss://h?cert=a&cert=b", "redis://[::1",
            "redis://[::1]x", "redis://h:+", "redis://sesame:sesame@h:sesame",
        ])
    func refused(url: String) throws {
        let error = #expect(throws: SessionsError.self) { try RedisConfiguration(url: url) }
        #expect(error?.code == .usage)
        let words = try "\(#require(error))"
        #expect(!words.contains("sesame") && !words.contains("ame@"))
    }

    @Test(
        "A description has no password",
        arguments: [
            ("redis://ann:sesame@h/2", "redis://ann:***@h:6379/2"), ("rediss://:sesame@h", "rediss://:***@h:6379"),
            (
                "redis-sentinel://ann:sesame@a,b/main?sentinelpassword=sesame",
                "redis-sentinel://ann:***@a:26379,b:26379/main"
            ),
            ("redis-cluster://a", "redis-cluster://a:6379"),
            ("redis+unix://:sesame@/r.sock?db=2", "redis+unix:/r.sock"),
            ("redis://[::1]", "redis://[::1]:6379"),
        ])
    func description(url: String, shown: String) throws {
        #expect("\(try RedisConfiguration(url: url))" == shown)
    }
}
