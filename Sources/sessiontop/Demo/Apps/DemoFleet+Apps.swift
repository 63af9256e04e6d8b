import SessionTokens
import Sessions
import Synchronization

/// What the demo's service does for apps: tokens that are issued, exchanged and verified by the library, on the same store.
extension DemoFleet {
    /// So long an access token lives: short, so that one can watch them being exchanged.
    static let accessLife = Duration.seconds(60)
    /// An hour without an exchange, eight hours in all: so long a refresh family lives.
    static let familyLifetime = (try? Lifetime(idle: .seconds(3600), absolute: .seconds(28_800))) ?? .office

    private static let issuer = "https://id.shop.example"
    private static let audience = "https://api.shop.example"

    /// The service of tokens, with a key of its own: no token of one demo is good in another.
    static func tokenService(
        _ name: String, store: any SessionStore, log: any SessionDirectory, sealer: PayloadSealer, lease: Duration,
        time: TimeSource
    ) throws -> TokenService {
        let key = try JSONWebKey.generate(.edDSA)
        return try TokenService(
            id: name,
            issuer: TokenIssuer(
                issuer: issuer, signer: TokenSigner(key: key), lifetime: accessLife, time: time),
            policy: TokenPolicy(issuer: issuer, audience: audience, lifetime: accessLife),
            keys: TokenKeys(JSONWebKeySet([key]), time: time), store: store, sealer: sealer,
            refresh: RefreshPolicy(lifetime: familyLifetime), lease: lease, time: time, auditLog: log)
    }

    /// One request of an app, and what the app makes of the answer.
    func run(_ errand: AppCrowd.Errand) async {
        let start = time.monotonic()
        var (answer, outcome) = await attempt(errand)
        if answer == .failed, !Task.isCancelled { (answer, outcome) = await attempt(errand) }
        let duration = time.monotonic() - start
        let wasWithdrawn = answer == .failed && Task.isCancelled
        state.withLock { [answer, outcome] state in
            state.apps.settle(errand, outcome)
            state.tally.inFlight -= 1
            if !wasWithdrawn { state.tally.count(answer, duration: duration) }
        }
    }

    private func attempt(_ errand: AppCrowd.Errand) async -> (Client.Answer, AppClient.Outcome) {
        do {
            switch (errand.move, errand.tokens) {
            case (.signIn, _), (_, nil): return try await signIn(errand)
            case (.refresh(let twice), let tokens?): return try await refresh(errand, tokens, twice: twice)
            case (.call, let tokens?): return await call(tokens)
            case (.signOut, let tokens?):
                _ = try await tokenService.families.signOut(tokens.refresh.secretText, client: errand.client)
                return (.ended, .lost)
            }
        } catch {
            return (.failed, .kept)
        }
    }

    private func signIn(_ errand: AppCrowd.Errand) async throws -> (Client.Answer, AppClient.Outcome) {
        do {
            let pair = try await tokenService.signIn(
                user: errand.user, client: errand.client, audience: [Self.audience], scope: ["orders:read"],
                parent: errand.parent, request: errand.request)
            return (.served, .issued(pair))
        } catch let error as SessionsError where error.code == .refused {
            // What it was to be derived from has ended meanwhile.
            return (.refused, .lost)
        }
    }

    private func refresh(
        _ errand: AppCrowd.Errand, _ tokens: TokenPair, twice: Bool
    ) async throws -> (Client.Answer, AppClient.Outcome) {
        func refresh() async throws -> TokenService.Refreshed {
            try await tokenService.refresh(tokens.refresh.secretText, client: errand.client, request: errand.request)
        }
        async let other = twice ? refresh() : nil
        let first = try await refresh()
        _ = try await other
        switch first {
        case .issued(let pair): return (.served, .issued(pair))
        case .refused, .scopeNotGranted: return (.refused, .lost)
        }
    }

    /// A call of the shop's API: verified without asking the store.
    private func call(_ tokens: TokenPair) async -> (Client.Answer, AppClient.Outcome) {
        let (start, family) = (time.monotonic(), tokens.family)
        do throws(TokenRefusal) {
            _ = try await tokenService.verify(tokens.access.secretText)
            let use = RevocationAudit.Use(id: family.id, user: family.user, epoch: family.epoch, start: start)
            state.withLock { $0.audit.served(use) }
            return (.served, .kept)
        } catch {
            switch error.code {
            case .revocationUnknown: return (.failed, .kept)
            case .expired: return (.refused, .kept)
            default:
                state.withLock { $0.audit.refused(family.id) }
                return (.refused, .lost)
            }
        }
    }
}
