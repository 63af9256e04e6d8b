import Sessions
import SessionTesting
import Synchronization
import Testing

@testable import SessionTokens

@Suite("Looking keys up")
struct TokenKeysTests {
    /// Counts how often it is asked.
    final class CountingSource: TokenKeySource {
        let set: Mutex<JSONWebKeySet?>
        let asked = Mutex(0)

        init(_ set: JSONWebKeySet?) { self.set = Mutex(set) }

        var count: Int { asked.withLock { $0 } }

        func fetch() async throws -> JSONWebKeySet {
            asked.withLock { $0 += 1 }
            guard let set = set.withLock({ $0 }) else { throw SessionsError(.unavailable, "away") }
            return set
        }
    }

    private let workshop: Workshop
    private let old: JSONWebKeySet
    private let new: JSONWebKeySet

    init() throws {
        workshop = try Workshop()
        old = try JSONWebKeySet([JSONWebKey.generate(.edDSA, id: "old")])
        new = try JSONWebKeySet(old.keys + [workshop.key])
    }

    private func verifier(_ source: CountingSource, decryptionKeys: [JSONWebKey]? = nil) throws -> TokenVerifier {
        TokenVerifier(
            policy: try workshop.policy(), keys: TokenKeys(old, source: source, time: workshop.time.source),
            decryptionKeys: try decryptionKeys.map { try JSONWebKeySet($0) }, time: workshop.time.source)
    }

    @Test("A key that isn't there yet is looked up once, and then is there")
    func found() async throws {
        let source = CountingSource(new)
        let verifier = try verifier(source)
        let token = try workshop.token()
        #expect(verifier.code(token) == .keyUnknown && source.count == 0)
        for _ in 0..<5 { _ = try await verifier.verifyLookingUpKeys(token) }
        #expect(source.count == 1)
        #expect(verifier.code(token) == nil)
    }

    @Test("An unknown kid is looked up once, not for each token; others as often as the interval lets")
    func missing() async throws {
        let source = CountingSource(old)
        let keys = TokenKeys(old, source: source, time: workshop.time.source)
        for _ in 0..<100 { #expect(await keys.lookUp("x") == false) }
        #expect(source.count == 1)
        for number in 0..<100 { #expect(await keys.lookUp("\(number)") == false) }
        #expect(source.count == 1)
        workshop.time.advance(by: TokenKeys.fetchInterval)
        #expect(await keys.lookUp("x") == false)
        #expect(source.count == 1)
        #expect(await keys.lookUp("y") == false)
        #expect(source.count == 2)
        workshop.time.advance(by: TokenKeys.missingAge)
        source.set.withLock { $0 = new }
        #expect(await keys.lookUp("EdDSA"))
        #expect(source.count == 3)
    }

    @Test("Those who ask at once share one question")
    func shared() async throws {
        let source = CountingSource(new)
        let keys = TokenKeys(old, source: source, time: workshop.time.source)
        let found = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<50 { group.addTask { await keys.lookUp("EdDSA") } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        // Whoever came while nobody could tell was told no; nobody asked twice.
        #expect(found.contains(true) && source.count == 1)
        #expect(await keys.lookUp("EdDSA"))
    }

    @Test("A source that is away for a moment changes nothing, and is asked again at the next interval")
    func away() async throws {
        let source = CountingSource(nil)
        let verifier = try verifier(source)
        let token = try workshop.token()
        await #expect(throws: TokenRefusal.self) { try await verifier.verifyLookingUpKeys(token) }
        #expect(verifier.keys.current.keys.count == 1 && verifier.keys.missingCount == 0)
        source.set.withLock { $0 = new }
        await #expect(throws: TokenRefusal.self) { try await verifier.verifyLookingUpKeys(token) }
        #expect(source.count == 1)
        workshop.time.advance(by: TokenKeys.fetchInterval)
        _ = try await verifier.verifyLookingUpKeys(token)
        #expect(source.count == 2)
    }

    @Test("Whether a key is missing or nobody could tell is known apart")
    func knownApart() async throws {
        let source = CountingSource(nil)
        let keys = TokenKeys(old, source: source, time: workshop.time.source)
        #expect(await keys.lookUp("x") == false)
        #expect(!keys.isMissing("x"))
        source.set.withLock { $0 = old }
        workshop.time.advance(by: TokenKeys.fetchInterval)
        #expect(await keys.lookUp("x") == false)
        #expect(keys.isMissing("x") && !keys.isMissing("y") && !keys.isMissing("old"))
        workshop.time.advance(by: TokenKeys.missingAge)
        #expect(!keys.isMissing("x"))
        #expect(TokenKeys(old).isMissing("x"), "there is nobody to ask")
    }

    @Test(
        "The key that signed an encrypted token is looked up by the inner kid, whatever the outer header names",
        arguments: [
            #"{"alg":"dir","enc":"A256GCM","cty":"JWT","kid":"enc dir"}"#,
            #"{"alg":"dir","enc":"A256GCM","cty":"JWT"}"#,
        ])
    func nested(outerHeader: String) async throws {
        let source = CountingSource(new)
        let verifier = try verifier(source, decryptionKeys: [Workshop.encryptionKeys[0]])
        let token = try Workshop.forgeEncrypted(try workshop.token(), header: outerHeader)
        #expect(verifier.code(token) == .keyUnknown)
        #expect(try await verifier.verifyLookingUpKeys(token).wasEncrypted)
        #expect(source.count == 1 && verifier.keys.missingCount == 0)
        #expect(verifier.code(token) == nil)
    }

    @Test("The issuer isn't asked for a key that tokens are encrypted to")
    func decryptionKey() async throws {
        let source = CountingSource(new)
        let verifier = try verifier(source, decryptionKeys: [JSONWebKey.generate(.direct, id: "other")])
        let token = try workshop.token(encryptTo: Workshop.encryptionKeys[0])
        #expect(verifier.code(token) == .keyUnknown)
        await #expect(throws: TokenRefusal.self) { try await verifier.verifyLookingUpKeys(token) }
        #expect(source.count == 0)
    }

    @Test("The memory of the missing is bounded")
    func bounded() async throws {
        let source = CountingSource(old)
        let keys = TokenKeys(old, source: source, time: workshop.time.source)
        for number in 0..<3000 {
            workshop.time.advance(by: TokenKeys.fetchInterval)
            #expect(await keys.lookUp("\(number)") == false)
        }
        #expect((1...TokenKeys.mostMissing).contains(keys.missingCount))
    }

    @Test("A header that held is checked again by new keys, whatever they share with the old ones")
    func checkedAgain() throws {
        let id = try #require(workshop.key.id)
        let keys = TokenKeys(new, time: workshop.time.source)
        let verifier = TokenVerifier(policy: try workshop.policy(), keys: keys, time: workshop.time.source)
        let token = try workshop.token()
        func code() -> TokenRefusal.Code? {
            do throws(TokenRefusal) { _ = try verifier.verify(token) } catch { return error.code }
            return nil
        }
        #expect(code() == nil && code() == nil)
        keys.replace(with: try JSONWebKeySet([JSONWebKey.generate(workshop.algorithm, id: id)]))
        #expect(code() == .badSignature)
        keys.replace(with: try JSONWebKeySet([JSONWebKey.generate(.es256, id: id)]))
        #expect(code() == .algorithmMismatch)
        keys.replace(with: old)
        #expect(code() == .keyUnknown)
        keys.replace(with: new)
        #expect(code() == nil)
    }
}
