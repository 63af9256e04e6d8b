internal import Sessions
internal import Synchronization

/// Remembers tokens that were verified, so that the next request with the same one needs no signature check.
///
/// An entry is found by all of the token's bytes and lives until `exp`. The feed is asked about it each time, and what a
/// request demands is checked each time. When a key goes, everything is forgotten: a retired key's tokens end with it. It
/// is bounded: the older half gives way.
public final class TokenCache: Sendable {
    private struct Generations {
        var young: [Key: VerifiedToken] = [:]
        var old: [Key: VerifiedToken] = [:]
        var removalCount = 0
    }

    private let verifier: TokenVerifier
    private let half: Int
    private let generations = Mutex(Generations())

    /// Makes a cache in front of a verifier.
    ///
    /// - Parameters:
    ///   - verifier: verifies what isn't here.
    ///   - limit: at most so many tokens are held, each of about twice its length in bytes.
    public init(_ verifier: TokenVerifier, limit: Int = 10_000) {
        self.verifier = verifier
        half = max(1, limit / 2)
        generations.withLock { $0.removalCount = verifier.keys.removalCount }
    }

    /// Verifies a token, or remembers that it was.
    ///
    /// - Parameters:
    ///   - token: the bytes that came; any may.
    ///   - demand: what this request needs besides the policy.
    /// - Returns: the token, with its claims.
    /// - Throws: the first reason against it.
    public func verify(_ token: [UInt8], demanding demand: TokenDemand = .none) throws(TokenRefusal) -> VerifiedToken {
        let key = Key(token)
        let now = verifier.rules.time.wall()
        // Past `exp` only the leeway is left: the verifier decides.
        if let known = generations.withLock({ recall(key, &$0) }), now < known.expires {
            if let refusal = demand.refusal(of: known) ?? verifier.revocations?.refusal(of: known) { throw refusal }
            return known
        }
        // Counted before: what is verified by a key that goes meanwhile isn't kept.
        let removalCount = verifier.keys.removalCount
        let verified = try verifier.verify(token, demanding: demand)
        generations.withLock { if $0.removalCount == removalCount { keep(verified, as: key, &$0) } }
        return verified
    }

    /// Forgets every token.
    public func removeAll() { generations.withLock { ($0.young, $0.old) = ([:], [:]) } }

    /// How many tokens are held.
    public var count: Int { generations.withLock { $0.young.count + $0.old.count } }

    private func recall(_ key: Key, _ generations: inout Generations) -> VerifiedToken? {
        let removalCount = verifier.keys.removalCount
        guard generations.removalCount == removalCount else {
            generations = Generations(removalCount: removalCount)
            return nil
        }
        if let known = generations.young[key] { return known }
        guard let known = generations.old.removeValue(forKey: key) else { return nil }
        keep(known, as: key, &generations)
        return known
    }

    private func keep(_ token: VerifiedToken, as key: Key, _ generations: inout Generations) {
        if generations.young.count >= half { (generations.young, generations.old) = ([:], generations.young) }
        generations.young[key] = token
    }

    /// A token's bytes; the end is hashed alone, for a signature differs from token to token.
    private struct Key: Hashable {
        let bytes: [UInt8]

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        func hash(into hasher: inout Hasher) {
            bytes.withUnsafeBytes { bytes in
                hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes.suffix(48)))
            }
        }
    }
}
