import SessionTokens
import Sessions
import Testing

/// What families of refresh tokens must do on every store, as tests.
///
/// A store's test target runs it as it runs ``StoreConformance``, with the same fixture.
public enum RefreshConformance {
    /// One promise, and how it is tried.
    public struct Clause: Sendable, CustomStringConvertible {
        /// The promise, as a sentence.
        public let description: String
        let body: @Sendable (RefreshStage) async throws -> Void

        init(_ description: String, _ body: @escaping @Sendable (RefreshStage) async throws -> Void) {
            self.description = description
            self.body = body
        }

        /// Tries the promise on a fresh store; what is broken is recorded as an issue of the running test.
        ///
        /// - Parameter fixture: makes the store.
        /// - Throws: what the store throws where it mustn't.
        public func check(_ fixture: StoreFixture) async throws {
            try await fixture.withStore(LeapingTime().source) { try await body(try RefreshStage($0, $1)) }
        }
    }

    /// All promises.
    public static var clauses: [Clause] { exchangeClauses + reuseClauses + endClauses + derivedClauses }
}

/// A fresh store, two nodes that exchange tokens on it, and a clock that stands still until it is moved.
struct RefreshStage: Sendable {
    let store: StoreFixture.Store
    let time = ManualTime()
    let policy = RefreshPolicy()
    /// The families by two handles on the same store.
    let families: RefreshFamilies
    let others: RefreshFamilies

    static let here = RequestInfo(ip: "203.0.113.9", agent: "tab")
    static let elsewhere = RequestInfo(ip: "198.51.100.7", agent: "curl\u{1b}[31m")

    init(_ store: StoreFixture.Store, _ other: StoreFixture.Store) throws {
        self.store = store
        let sealer = PayloadSealer(keys: try KeyRing(newKey: "k1"), namespace: "default")
        families = RefreshFamilies(
            store: store, sealer: sealer, policy: policy, time: time.source, node: "a", auditLog: store)
        others = RefreshFamilies(
            store: other, sealer: sealer, policy: policy, time: time.source, node: "b", auditLog: other)
    }

    /// A new family of a user.
    func issued(
        _ user: String? = "alice", data: JSONValue = .null, parent: IDHash? = nil
    ) async throws -> IssuedRefresh {
        try await families.issue(user: user, client: "app", data: data, parent: parent, request: Self.here)
    }

    /// The successor of a token; the test fails where there is none.
    func exchanged(
        _ token: RefreshToken, _ request: RequestInfo = RefreshStage.here
    ) async throws -> (family: RefreshFamily, token: RefreshToken) {
        let outcome = try await others.refresh(token.secretText, client: "app", request: request)
        guard case .exchanged(let family, let successor) = outcome else {
            throw SessionsError(.refused, "a token was refused that must not be: \(outcome)")
        }
        return (family, successor)
    }

    /// Why a token is refused; `nil`: it isn't.
    func refusal(
        of token: RefreshToken, client: String = "app", _ request: RequestInfo = RefreshStage.here
    ) async throws -> RefreshOutcome.Refusal? {
        let outcome = try await families.refresh(token.secretText, client: client, request: request)
        if case .refused(let refusal) = outcome { return refusal }
        return nil
    }

    /// The number of the family's latest token, where a token is good; `nil` where it isn't.
    func worth(_ token: RefreshToken) async throws -> Int? {
        let family = try await others.family(of: token.secretText)
        return family?.generation
    }

    func standing(of id: IDHash) async throws -> SessionState? { try await store.load(id, at: time.now)?.standing }

    func passGrace() { time.advance(by: policy.grace) }
}
