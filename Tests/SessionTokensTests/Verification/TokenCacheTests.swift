import Sessions
import SessionTesting
import Synchronization
import Testing

@testable import SessionTokens

@Suite("The cache of verified tokens")
struct TokenCacheTests {
    /// Refuses when told so, and counts how often it is asked.
    final class Switch: TokenRevocations {
        let state = Mutex((code: TokenRefusal.Code?.none, asked: 0))

        func refusal(of token: VerifiedToken) -> TokenRefusal? {
            state.withLock { state in
                state.asked += 1
                return state.code.map { TokenRefusal($0, "told so") }
            }
        }
    }

    private func code(_ cache: TokenCache, _ token: String, _ demand: TokenDemand = .none) -> TokenRefusal.Code? {
        do throws(TokenRefusal) {
            _ = try cache.verify(Array(token.utf8), demanding: demand)
            return nil
        } catch { return error.code }
    }

    @Test("A token that is held needs no key, and still obeys the feed, the clock and what is demanded")
    func obeys() throws {
        let workshop = try Workshop()
        let revocations = Switch()
        let verifier = try workshop.verifier(revocations: revocations)
        let cache = TokenCache(verifier)
        let token = try workshop.token()
        #expect(code(cache, token) == nil && cache.count == 1)
        verifier.keys.replace(with: try JSONWebKeySet([JSONWebKey.generate(.edDSA)]))
        #expect(verifier.code(token) == .keyUnknown && code(cache, token) == nil)
        #expect(revocations.state.withLock { $0.asked } == 2)
        #expect(code(cache, token, TokenDemand(scope: ["x"])) == .scopeMissing)
        revocations.state.withLock { $0.code = .denied }
        #expect(code(cache, token) == .denied)
        revocations.state.withLock { $0.code = nil }
        workshop.time.advance(by: .milliseconds(299_999))
        #expect(code(cache, token) == nil)
        workshop.time.advance(by: .milliseconds(1))
        #expect(code(cache, token) == .keyUnknown)
        cache.removeAll()
        #expect(cache.count == 0)
    }

    @Test("A token within the leeway after exp is decided by the verifier, held or not")
    func leeway() throws {
        let workshop = try Workshop()
        let cache = TokenCache(try workshop.verifier())
        let token = try workshop.token()
        #expect(code(cache, token) == nil)
        workshop.time.advance(by: .milliseconds(359_999))
        #expect(code(cache, token) == nil)
        workshop.time.advance(by: .milliseconds(1))
        #expect(code(cache, token) == .expired)
    }

    @Test("No other spelling of a held token is held, and what is refused never is")
    func exact() throws {
        let workshop = try Workshop()
        let cache = TokenCache(try workshop.verifier())
        let token = try workshop.token()
        #expect(code(cache, token) == nil)
        for index in token.utf8.indices {
            var bytes = Array(token.utf8)
            bytes[token.utf8.distance(from: token.utf8.startIndex, to: index)] ^= 1
            #expect(throws: TokenRefusal.self) { try cache.verify(bytes) }
        }
        #expect(cache.count == 1)
    }

    @Test("It is bounded, and those in use stay")
    func bounded() throws {
        let workshop = try Workshop(.hs256)
        let cache = TokenCache(try workshop.verifier(), limit: 10)
        let used = try workshop.token()
        for number in 0..<100 {
            var claims = workshop.claims
            claims.id = "\(number)"
            #expect(code(cache, try workshop.token(claims)) == nil && code(cache, used) == nil)
            #expect(cache.count <= 10)
        }
    }
}
