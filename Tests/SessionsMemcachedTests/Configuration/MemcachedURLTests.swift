import Sessions
import SessionsTransport
import Testing

@testable import SessionsMemcached

@Suite struct MemcachedURLTests {
    @Test("A URL names servers, a user, weights and files")
    func reading() throws {
        let plain = try MemcachedConfiguration(url: "memcached://cache-a,cache-b:11300,[::1]:9/")
        #expect(plain.servers.map(\.description) == ["cache-a:11211", "cache-b:11300", "[::1]:9"])
        #expect(plain.user == nil && plain.password == nil && plain.tls == nil && !plain.allowsPlaintext)
        let full = try MemcachedConfiguration(
            url:
                "memcacheds://ann:p%40s/s:w@a,b?cacert=/etc/ca%20x.pem&cert=c&key=k&servername=n&verify=ca&weights=3,1"
        )
        #expect(full.user == "ann" && full.password == "p@s/s:w")
        #expect(full.servers.map(\.weight) == [3, 1])
        var tls = ClientTLS()
        (tls.authorityFile, tls.certificateFile, tls.keyFile) = ("/etc/ca x.pem", "c", "k")
        (tls.serverName, tls.verification) = ("n", .chain)
        #expect(full.tls == tls)
        try full.check()
        #expect(try MemcachedConfiguration(url: "MEMCACHED://10.0.0.1?plaintext=yes").allowsPlaintext)
    }

    @Test("A password is in no description, no dump and no error")
    func masked() throws {
        let configuration = try MemcachedConfiguration(url: "memcacheds://ann:s3cret@a:1,b:2?servername=x")
        #expect(configuration.description == "memcacheds://ann:***@a:1,b:2")
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in [dumped, "\(configuration)", String(reflecting: configuration)] {
            #expect(!text.contains("s3cret"))
        }
        for url in ["memcached://ann:s3cret@h:x", "memcached://ann:s3cret@h/9", "memcache://ann:s3cret@h"] {
            let error = #expect(throws: SessionsError.self) { try MemcachedConfiguration(url: url) }
            #expect(error?.description.contains("s3cret") == false)
        }
    }

    @Test(
        "What can't be a URL of servers is refused, with what to write",
        arguments: [
            "memcached:host", "redis://h", "memcached://", "memcached://h,", "memcached://h:0", "memcached://h:65536",
            "memcached://h:+1", "memcached://h/0", "memcached://h#x", "memcached://h%zz", "memcached://h%4",
            "memcached://h%ff", "memcached://h%00", "memcached://h?x=1", "memcached://h?plaintext=1",
            "memcached://h?plaintext", "memcached://h?plaintext=yes&plaintext=yes", "memcached://h?cacert=x",
            "memcacheds://h?verify=some", "memcached://h?weights=1,2", "memcached://[::1",
        ])
    func refused(_ url: String) {
        let error = #expect(throws: SessionsError.self) { try MemcachedConfiguration(url: url) }
        #expect(error?.code == .usage)
    }

    @Test(
        "A configuration that can't work is refused before anything is connected",
        arguments: [
            "memcached://h,h", "memcached://h,h:11211", "memcached://h?weights=0", "memcached://h?weights=1001",
            "memcached://ann@h", "memcached://:pw@h", "memcached://a%20b:pw@h", "memcached://a%3Ab:pw@h",
            "memcached://a:p%20w@h",
        ])
    func unusable(_ url: String) throws {
        let configuration = try MemcachedConfiguration(url: url)
        let error = #expect(throws: SessionsError.self) { try MemcachedSharedCache(configuration) }
        #expect(error?.code == .usage)
    }

    @Test("A prefix that can't stand in a key is refused", arguments: ["", "a b", "ä", "seventeen-letters"])
    func prefixes(_ prefix: String) throws {
        let configuration = try MemcachedConfiguration(url: "memcached://127.0.0.1")
        let error = #expect(throws: SessionsError.self) { try MemcachedSharedCache(configuration, prefix: prefix) }
        #expect(error?.code == .usage)
    }

    @Test("A file for TLS that isn't there is refused, and named")
    func files() throws {
        let configuration = try MemcachedConfiguration(url: "memcacheds://h?cacert=/nowhere/ca.pem")
        let error = #expect(throws: SessionsError.self) { try MemcachedSharedCache(configuration) }
        #expect(error?.code == .usage)
        #expect(error?.message.contains("/nowhere/ca.pem") == true)
    }
}
