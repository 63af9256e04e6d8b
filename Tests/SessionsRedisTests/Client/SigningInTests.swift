import NIOCore
import NIOEmbedded
import SessionTesting
import Sessions
import Testing

@testable import SessionsRedis

@Suite("Signing in to Redis, and encryption")
struct SigningInTests {
    @Test("The password of the default user, and a user of the access control list")
    func passwords() async throws {
        var options = RedisServer.Options()
        options.password = "p@ss/w:rd?"
        options.arguments = ["--user", "ann", "on", ">hers", "~*", "&*", "+@all", "-flushall"]
        try await RedisServer.with(options) { server in
            let (port, ok) = (server.port, RESPValue.bytes(Array("PONG".utf8)))
            for person in [":p%40ss%2Fw%3Ard%3F", "default:p%40ss%2Fw%3Ard%3F", "ann:hers"] {
                let redis = try RedisConfiguration(url: "redis://\(person)@127.0.0.1:\(port)").makeExecutor()
                #expect(try await redis.send("PING") == ok)
                await redis.shutDown()
            }
            let ann = try RedisConfiguration(url: "redis://ann:hers@127.0.0.1:\(port)").makeExecutor()
            #expect(try await ann.send("ACL", "WHOAMI").text == "ann")
            await #expect(throws: RedisError.self) { try await ann.send("FLUSHALL") }
            await ann.shutDown()
            for person in ["", "ann:sesame@", ":sesame@", "nobody:sesame@"] {
                let redis = try RedisConfiguration(url: "redis://\(person)127.0.0.1:\(port)").makeExecutor()
                let error = await #expect(throws: SessionsError.self) { try await redis.send("PING") }
                #expect(error?.code == .refused)
                #expect("\(error.map { "\($0)" } ?? "")".contains("sesame") == false)
                await redis.shutDown()
            }
        }
    }

    @Test("TLS: the authority, the server's name and the client's certificate are each needed")
    func encryption() async throws {
        try await ScratchFolder.with { folder in
            // Without the address: NIOSSL is content with that alone, whatever name is asked for.
            let certificates = try await TestCertificates(in: folder, names: "DNS:localhost")
            let others = try await TestCertificates(in: folder + "/others")
            var options = RedisServer.Options()
            options.certificates = certificates
            try await RedisServer.with(options) { server in
                let client = "cert=\(certificates.client)&key=\(certificates.clientKey)"
                let good = "cacert=\(certificates.authority)&\(client)"
                let (byName, byAddress) = ("rediss://localhost:\(server.port)", "rediss://127.0.0.1:\(server.port)")
                for url in [
                    "\(byName)?\(good)", "\(byAddress)?\(good)&verify=ca", "\(byAddress)?\(good)&servername=localhost",
                    "\(byAddress)?\(good)&servername=other&verify=ca", "\(byName)?\(client)&verify=none",
                ] {
                    let redis = try RedisConfiguration(url: url).makeExecutor()
                    #expect(try await redis.send("ECHO", "x").text == "x", "\(url)")
                    await redis.shutDown()
                }
                let authority = "cacert=\(certificates.authority)"
                for (url, words) in [
                    ("\(byName)?\(client)", "can't be trusted"), ("\(byAddress)?\(good)", "another name"),
                    ("\(byName)?\(good)&servername=other", "another name"),
                    ("\(byName)?cacert=\(others.authority)&\(client)", "can't be trusted"),
                    ("\(byName)?\(authority)", "Redis at"),
                    ("\(byName)?\(authority)&cert=\(others.client)&key=\(others.clientKey)", "Redis at"),
                    ("redis://localhost:\(server.port)", "write rediss://"),
                ] {
                    let redis = try RedisConfiguration(url: url).makeExecutor()
                    let error = await #expect(throws: SessionsError.self, "\(url)") { try await redis.send("PING") }
                    let told = error.map { "\($0)" } ?? ""
                    #expect(error?.code == .unavailable && told.contains(words), "\(url): \(told)")
                    #expect(!told.contains("BoringSSL") && !told.contains(".cc"), "\(told)")
                    await redis.shutDown()
                }
                for url in [
                    "\(byName)?cacert=/nowhere.pem", "\(byName)?cert=\(certificates.client)",
                    "\(byName)?\(good.replacing(certificates.clientKey, with: others.clientKey))",
                ] {
                    let error = #expect(throws: SessionsError.self) { try RedisConfiguration(url: url).makeExecutor() }
                    #expect(error?.code == .usage)
                }
            }
        }
    }

    @Test("TLS where the server speaks none ends in an error in time")
    func noEncryption() async throws {
        try await RedisServer.with { server in
            var configuration = try RedisConfiguration(url: "rediss://localhost:\(server.port)")
            configuration.commandLimit = .milliseconds(500)
            let redis = try configuration.makeExecutor()
            let error = await #expect(throws: SessionsError.self) { try await redis.send("PING") }
            #expect(error?.code == .unavailable && error?.message.contains("write redis://") == true)
            await redis.shutDown()
        }
    }

    @Test(
        "Only what stays on this machine is private without encryption",
        arguments: [
            ("127.0.0.1", true), ("127.8.8.8", true), ("::1", true), ("::ffff:127.0.0.1", true), ("192.0.2.1", false),
            ("10.0.0.1", false), ("2001:db8::1", false), ("::ffff:192.0.2.1", false), ("1::1", false),
            ("12.7.0.1", false),
        ])
    func plaintext(address: String, isPrivate: Bool) async throws {
        let channel = EmbeddedChannel()
        try await channel.connect(to: SocketAddress(ipAddress: address, port: 6379)).get()
        let connection = RedisConnection(
            channel: channel, address: .host(address, port: 6379), commandLimit: .seconds(1))
        #expect(connection.isPrivate == isPrivate)
        var configuration = RedisConfiguration(.server(connection.address))
        let connector = try RedisConnector(configuration)
        if isPrivate {
            #expect(throws: Never.self) { try connector.admit(connection) }
        } else {
            #expect(throws: SessionsError.self) { try connector.admit(connection) }
        }
        configuration.allowsPlaintext = true
        let permissive = try RedisConnector(configuration)
        #expect(throws: Never.self) { try permissive.admit(connection) }
    }
}
