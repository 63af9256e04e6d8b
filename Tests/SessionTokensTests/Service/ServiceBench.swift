import SessionTesting
import Sessions
import Testing

@testable import SessionTokens

/// A token service over a memory store that a test can break, on a clock that a test moves.
struct ServiceBench {
    let time = ManualTime()
    let memory: MemoryStore
    let store: ScriptedStore
    let key: JSONWebKey
    let service: TokenService

    init(lifetime: Duration = .seconds(300), store given: ScriptedStore? = nil) throws {
        memory = MemoryStore(time: time.source)
        store = given ?? ScriptedStore(memory)
        key = try JSONWebKey.generate(.edDSA)
        service = try Self.service("web-1", key, store: store, time, lifetime: lifetime, log: memory)
    }

    static func service(
        _ id: String, _ key: JSONWebKey, store: any SessionStore, _ time: ManualTime,
        lifetime: Duration = .seconds(300), keys: TokenKeys? = nil, log: (any SessionDirectory)? = nil
    ) throws -> TokenService {
        let issuer = try TokenIssuer(
            issuer: "https://issuer", signer: try TokenSigner(key: key), lifetime: lifetime, time: time.source)
        let sealer = PayloadSealer(keys: try KeyRing(newKey: "k1"), namespace: "default")
        return try TokenService(
            id: id, issuer: issuer,
            policy: try TokenPolicy(issuer: "https://issuer", audience: "api", lifetime: lifetime),
            keys: try keys ?? TokenKeys(try JSONWebKeySet([key]), time: time.source), store: store, sealer: sealer,
            time: time.source, auditLog: log)
    }

    func signIn(
        _ user: String? = "alice", client: String = "app", tenant: String? = nil, scope: [String] = ["read", "write"]
    ) async throws -> TokenPair {
        try await service.signIn(user: user, client: client, tenant: tenant, audience: ["api"], scope: scope)
    }

    /// Signs in with a family that is derived from another's.
    func signIn(derivedFrom parent: TokenPair) async throws -> TokenPair {
        try await service.signIn(user: "alice", client: "app", audience: ["api"], parent: parent.family.id)
    }

    /// Runs the follower while a test goes on: it has polled the feed once when `body` begins.
    func withRunning<Result>(_ body: () async throws -> Result) async throws -> Result {
        let task = Task { try await service.follower.run() }
        await time.waitForSleepers()
        let result: Result
        do { result = try await body() } catch {
            task.cancel()
            throw error
        }
        task.cancel()
        try await task.value
        return result
    }

    /// Why a token is refused; `nil`: it isn't.
    func refusal(of token: IssuedToken) async -> TokenRefusal.Code? {
        do throws(TokenRefusal) {
            _ = try await service.verify(token.secretText)
            return nil
        } catch { return error.code }
    }
}
