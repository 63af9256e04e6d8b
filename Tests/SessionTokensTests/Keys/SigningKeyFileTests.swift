import Foundation
import Sessions
import SessionTesting
import Testing

@testable import SessionTokens

@Suite("Files of signing keys")
final class SigningKeyFileTests {
    private let folder: URL
    private let time = ManualTime()
    private let schedule: KeySchedule

    private var path: String { folder.appendingPathComponent("ring.jwks").path }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("ring-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        schedule = try KeySchedule(period: .seconds(1000), cacheLife: .seconds(100), tokenLife: .seconds(300))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func open() throws -> SigningKeyFile { try SigningKeyFile(path, schedule: schedule, time: time.source) }

    private func create() throws -> SigningKeyFile {
        try .create(path, algorithm: .edDSA, schedule: schedule, time: time.source)
    }

    @Test("It has mode 0600, is never overwritten by a new one, and others mustn't be able to read it")
    func mode() throws {
        let file = try create()
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        #expect(throws: SessionsError.self) { try create() }
        #expect(try open().ring.secretJSON == file.ring.secretJSON)
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        #expect(throws: SessionsError.self) { try open() }
    }

    @Test("A running node picks a rotation up, and its verifier and issuer follow")
    func follows() async throws {
        _ = try create()
        let (node, operators) = (try open(), try open())
        let keys = TokenKeys(try JSONWebKeySet([]), source: node, time: time.source)
        let issuer = try TokenIssuer(issuer: "i", signer: TokenSigner(keys: node), time: time.source)
        let verifier = TokenVerifier(
            policy: try TokenPolicy(issuer: "i", audience: "a"), keys: keys, time: time.source)
        func issue() throws -> String {
            try issuer.issue(TokenClaims(subject: "s", audience: ["a"])).secretText
        }
        let running = Task { await node.run(updating: keys, every: .seconds(10)) }
        await time.waitForSleepers()
        let first = try #require(node.signingKey.id)
        #expect(keys.current.keys.map(\.id) == [first])
        time.advance(by: .seconds(901))
        await time.waitForSleepers()
        try operators.rotate()
        #expect(node.ring.entries.count == 1)
        time.advance(by: .seconds(10))
        await time.waitForSleepers()
        #expect(keys.current.keys.count == 2 && node.ring.entries.count == 2)
        #expect(node.signingKey.id == first)
        let old = try issue()
        #expect(try verifier.verify(old).keyID == first)
        time.advance(by: .seconds(100))
        let second = try #require(node.signingKey.id)
        #expect(second != first)
        #expect(try verifier.verify(issue()).keyID == second)
        #expect(try verifier.verify(old).keyID == first)
        // The last token of the first key has run out.
        time.advance(by: .seconds(300))
        await time.waitForSleepers()
        try operators.rotate()
        time.advance(by: .seconds(10))
        await time.waitForSleepers()
        #expect(keys.current.keys.map(\.id) == [second])
        #expect(try verifier.verify(issue()).keyID == second)
        running.cancel()
        await running.value
    }

    @Test("A token of a key that the node hasn't read yet makes it read the file at once")
    func unknownKey() async throws {
        _ = try create()
        let (issuing, verifying) = (try open(), try open())
        let keys = TokenKeys(try verifying.ring.verifyingKeys(), source: verifying, time: time.source)
        let policy = try TokenPolicy(issuer: "i", audience: "a")
        let verifier = TokenVerifier(policy: policy, keys: keys, time: time.source)
        let old = try #require(issuing.signingKey.id)
        try issuing.change { try $0.retiring(old, at: time.now) }
        let issuer = try TokenIssuer(
            issuer: "i", signer: TokenSigner(keys: issuing), time: time.source)
        let token = try issuer.issue(TokenClaims(subject: "s", audience: ["a"])).secretText
        #expect(verifier.code(token) == .keyUnknown)
        #expect(try await verifier.verifyLookingUpKeys(token).subject == "s")
        #expect(keys.current.key(old) == nil)
    }

    @Test("A file that is damaged or gone leaves the node with the keys that it has")
    func damaged() async throws {
        let file = try create()
        let known = file.ring.secretJSON
        try Data("{".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: SessionsError.self) { try file.refresh() }
        try FileManager.default.removeItem(atPath: path)
        #expect(throws: SessionsError.self) { try file.refresh() }
        await #expect(throws: SessionsError.self) { try await file.fetch() }
        #expect(file.ring.secretJSON == known)
    }

    @Test("Many who rotate at once publish one key")
    func atOnce() async throws {
        _ = try create()
        time.advance(by: .seconds(950))
        let files = try (0..<8).map { _ in try open() }
        await withTaskGroup(of: Void.self) { group in
            for file in files { group.addTask { try? file.rotate() } }
        }
        #expect(try open().ring.entries.count == 2)
        for file in files { #expect(try file.ring.secretJSON == open().ring.secretJSON) }
    }
}
