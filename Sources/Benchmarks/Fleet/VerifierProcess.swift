#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif
import SessionTesting
import SessionTokens
import Sessions

/// `Benchmarks --verifier URL FOLDER NUMBER [--deaf]`: one verifier of a ``TokenFleet``, until it is ended.
enum VerifierProcess {
    /// Runs it.
    static func run(_ arguments: [String]) async throws {
        guard arguments.count >= 3, let number = Int(arguments[2]) else {
            throw SessionsError(.usage, "Benchmarks --verifier URL FOLDER NUMBER [--deaf]")
        }
        let (folder, opened) = (arguments[1], try await FleetStore.open(arguments[0]))
        // A script passes on everything but the news.
        let store: any SessionStore = arguments.contains("--deaf") ? ScriptedStore(opened) : opened
        let policy = try TokenPolicy(
            issuer: TokenFleet.issuer, audience: TokenFleet.audience, lifetime: TokenFleet.lifetime)
        let follower = RevocationFollower(
            id: "verifier-\(number)", store: store, policy: FollowerPolicy(for: policy))
        let keys = TokenKeys(try JSONWebKeySet(file: TokenFleet.keysFile(in: folder)))
        let cache = TokenCache(TokenVerifier(policy: policy, keys: keys, revocations: follower))
        let tokens = try readTokens(folder)
        let running = Task { try await follower.run() }
        for (user, token) in tokens.enumerated() {
            try await follow(token, user, cache, TokenFleet.log(number, in: folder))
        }
        try await running.value
    }

    /// Serves requests with a token until it is refused for good: while nobody can tell, it is neither.
    private static func follow(_ token: [UInt8], _ user: Int, _ cache: TokenCache, _ log: String) async throws {
        var lastAccepted: UInt64?
        while true {
            let began = SharedClock.nanoseconds
            switch refusal(of: token, cache) {
            case nil:
                if lastAccepted == nil { try append("accepts \(user)", to: log) }
                lastAccepted = began
            case .revocationUnknown: break
            case let code?: return try append("refuses \(user) \(lastAccepted ?? 0) \(began) \(code)", to: log)
            }
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    private static func refusal(of token: [UInt8], _ cache: TokenCache) -> TokenRefusal.Code? {
        do throws(TokenRefusal) {
            _ = try cache.verify(token)
            return nil
        } catch { return error.code }
    }

    private static func readTokens(_ folder: String) throws -> [[UInt8]] {
        let path = TokenFleet.tokensFile(in: folder)
        guard let file = fopen(path, "rb") else { throw SessionsError(.usage, "\(path) can't be read") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&piece, 1, piece.count, file)
            guard count > 0 else { break }
            bytes += piece.prefix(count)
        }
        return bytes.split(separator: UInt8(ascii: "\n")).map { Array($0) }
    }

    private static func append(_ line: String, to path: String) throws {
        guard let file = fopen(path, "ab") else { throw SessionsError(.usage, "\(path) can't be written") }
        defer { fclose(file) }
        fputs(line + "\n", file)
    }
}
