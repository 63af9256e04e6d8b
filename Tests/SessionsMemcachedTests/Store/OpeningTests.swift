import SessionTesting
import Sessions
import Testing

@testable import SessionsMemcached

@Suite(.serialized, .timeLimit(.minutes(3))) struct MemcachedOpeningTests {
    private let now = TimeSource.system.wall()

    @Test("What isn't there is not found, is begun by a service alone, and can be read without being written")
    func modes() async throws {
        try await OwnMemcached.withServers(1) { servers in
            let configuration = OwnMemcached.configuration(servers)
            for mode in [MemcachedStore.OpenMode.existing, .readOnly] {
                await expect(.storeNotFound) { try await MemcachedStore.open(configuration, mode: mode) }
            }
            let store = try await MemcachedStore.open(configuration, mode: .create)
            let session = freshSession(at: now)
            try await store.insert(session)
            let reader = try await MemcachedStore.open(configuration, mode: .readOnly)
            #expect(try await reader.load(session.id, at: now)?.standing == .live)
            #expect(!reader.capabilities.revoke.isPossible && reader.capabilities.changes.isPossible)
            #expect(reader.capabilities.keeping.reason?.contains("can lose a session") == true)
            await expect(.readOnly) { try await reader.revoke(session.id, by: "x", reason: nil, at: now) }
            await expect(.readOnly) { try await reader.insert(freshSession(at: now)) }
            await expect(.readOnly) { try await reader.purge(Retention(), at: now) }
            let other = try await MemcachedStore.open(configuration, mode: .create, namespace: "other")
            #expect(try await other.load(session.id, at: now) == nil)
            #expect(try await other.rows(after: nil, limit: 9).rows.isEmpty)
            for name in ["", "a b", "a:b", "ü", String(repeating: "n", count: 65)] {
                await expect(.refused) { try await MemcachedStore.open(configuration, mode: .create, namespace: name) }
            }
        }
    }

    @Test("A store of a newer version is left alone, and so is a server without CAS")
    func refused() async throws {
        try await OwnMemcached.withServers(1) { servers in
            let configuration = OwnMemcached.configuration(servers)
            let store = try await MemcachedStore.open(configuration, mode: .create)
            var newer = PackedWriter()
            newer.add(StoreRoot.format + 1)
            try await store.write(newer.bytes, at: try store.names.root, life: .endless)
            await expect(.storeTooNew) { try await MemcachedStore.open(configuration, mode: .create) }
        }
        var options = MemcachedServer.Options()
        options.arguments = ["-C"]
        try await OwnMemcached.withServers(1, options) { servers in
            await expect(.unsupported) {
                try await MemcachedStore.open(OwnMemcached.configuration(servers), mode: .create)
            }
        }
    }

    @Test("Where a server lists no keys, a user's sessions end all the same, and the audit log says what is not known")
    func noListing() async throws {
        var options = MemcachedServer.Options()
        options.arguments = ["-o", "no_lru_crawler"]
        try await OwnMemcached.withServers(1, options) { servers in
            let store = try await MemcachedStore.open(OwnMemcached.configuration(servers), mode: .create)
            let session = freshSession(at: now)
            try await store.insert(session)
            let error = await expect(.unsupported) { try await store.rows(after: nil, limit: 9) }
            #expect(error?.message.contains("lru_crawler enable") == true)
            let order = Order(actor: "ops", reason: "r", at: now)
            let receipt = try await store.revoke(.user("alice"), order: order)
            #expect(receipt.outcomes.isEmpty && receipt.position == FeedPosition(1))
            #expect(try await store.load(session.id, at: now)?.standing == .revoked)
            #expect(try await store.audit(after: 0, limit: 9).first?.result.contains("lists no keys") == true)
            let findings = try await store.findings(at: now)
            #expect(findings.contains { $0.check == "lru-crawler" && $0.severity == .warning })
        }
    }

    @Test("Where whom a cut-off ended can't be listed for any reason, it stands, and the audit log says why")
    func failedListing() async throws {
        try await OwnMemcached.withServers(1) { servers in
            let store = try await MemcachedStore.open(OwnMemcached.configuration(servers), mode: .create)
            let session = freshSession(at: now)
            try await store.insert(session)
            // Nobody can read this one, and so no list.
            try await store.write([0], at: try store.names.session(SessionID().hash), life: .endless)
            await expect(.corrupt) { try await store.rows(after: nil, limit: 9) }
            let receipt = try await store.revoke(.user("alice"), order: Order(actor: "ops", reason: "r", at: now))
            #expect(receipt.outcomes.isEmpty && receipt.position == FeedPosition(1))
            #expect(try await store.load(session.id, at: now)?.standing == .revoked)
            #expect(try await store.audit(after: 0, limit: 9).first?.result.contains("can't be read") == true)
        }
    }

    @Test("A payload that no item can hold is refused, and the session stays as it was")
    func tooLarge() async throws {
        try await OwnMemcached.withServers(1) { servers in
            let store = try await MemcachedStore.open(OwnMemcached.configuration(servers), mode: .create)
            let session = freshSession(at: now)
            try await store.insert(session)
            let large = Payload(bytes: [UInt8](repeating: 1, count: 1_048_576))
            await expect(.storeFull) { try await store.save(large, of: session.id, replacing: 1, at: now) }
            #expect(try await store.load(session.id, at: now)?.session == session)
            await expect(.storeFull) {
                try await store.insert(freshSession(at: now, payload: large.bytes))
            }
        }
    }

    @Test("What no reply may bring back isn't put in, though the server would take it")
    func unreadable() async throws {
        var options = MemcachedServer.Options()
        options.arguments = ["-I", "16m"]
        try await OwnMemcached.withServers(1, options) { servers in
            let store = try await MemcachedStore.open(OwnMemcached.configuration(servers), mode: .create)
            let session = freshSession(at: now, payload: [UInt8](repeating: 1, count: 8_000_000))
            try await store.insert(session)
            let large = Payload(bytes: [UInt8](repeating: 1, count: 9_000_000))
            let error = await expect(.storeFull) {
                try await store.save(large, of: session.id, replacing: 1, at: now)
            }
            #expect(error?.message.contains("-I") == false)
            #expect(try await store.load(session.id, at: now)?.session == session)
        }
    }

    @Test("Sessions are kept over TLS as without it")
    func encrypted() async throws {
        try await ScratchFolder.with { folder async throws in
            let certificates = try await TestCertificates(in: folder)
            var options = MemcachedServer.Options()
            options.certificates = certificates
            try await MemcachedServer.with(options) { server async throws in
                let url = "\(server.url)?cacert=\(certificates.authority)"
                var configuration = try MemcachedConfiguration(url: url)
                (configuration.connectLimit, configuration.commandLimit) = (.seconds(30), .seconds(30))
                let store = try await MemcachedStore.open(configuration, mode: .create)
                let session = freshSession(at: now, payload: Array(repeating: 9, count: 100_000))
                try await store.insert(session)
                #expect(try await store.load(session.id, at: now)?.session == session)
                #expect(try await store.rows(after: nil, limit: 9).rows.map(\.id) == [session.id])
                #expect(try await store.findings(at: now).contains { $0.check == "tls" && $0.severity == .fine })
            }
        }
    }
}
