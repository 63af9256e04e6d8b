internal import Foundation
internal import SessionTokens
public import Sessions

/// Verifiers of tokens on one store, in processes of their own: each says of one token after the other when it accepted it
/// last, and when it refused it first.
///
/// The process is `Benchmarks --verifier`: its files are described at ``answers(about:)``.
public struct TokenFleet: Sendable {
    /// What is to be started.
    public struct Plan: Sendable {
        /// The program, and the URL of the store that it follows.
        public var program: String, store: String
        /// How many processes.
        public var count: Int
        /// How many users there are, each with a token.
        public var users: Int
        /// Whether they follow the feed alone: no wake-up reaches them.
        public var isDeaf: Bool
        /// The feed's position: the tokens are of that age.
        public var epoch: FeedPosition

        /// Makes a plan.
        public init(
            program: String, store: String, count: Int = 8, users: Int, isDeaf: Bool = false, epoch: FeedPosition
        ) {
            (self.program, self.store, self.count) = (program, store, count)
            (self.users, self.isDeaf, self.epoch) = (users, isDeaf, epoch)
        }
    }

    /// What a verifier did with a token, by ``SharedClock``.
    public struct Answer: Sendable {
        /// The last request that was accepted began then.
        public var lastAccepted: UInt64
        /// The first request that was refused for good began then.
        public var firstRefused: UInt64
        /// Why: a `TokenRefusal.Code`.
        public var code: String
    }

    /// The issuer and the audience of the tokens.
    public static let issuer = "https://id.example", audience = "https://api.example"
    /// How long they live.
    public static let lifetime = Duration.seconds(900)

    /// The verifiers: to stop one, and let it go on.
    public let processes: [ServerProcess]
    private let folder: String

    /// A user's name.
    public static func user(_ number: Int) -> String { "user-\(number)" }

    /// Starts a fleet for some time: each has read the feed when `body` begins.
    ///
    /// - Parameters:
    ///   - plan: what is started.
    ///   - body: gets the fleet.
    /// - Returns: what `body` returns.
    /// - Throws: ``ServerProcess/Failure`` where one doesn't start, and what `body` throws.
    public static func with<Result>(
        _ plan: Plan, _ body: (TokenFleet) async throws -> Result
    ) async throws -> Result {
        try await ScratchFolder.with { folder in
            try prepare(plan, in: folder)
            let commands = (0..<plan.count).map { number in
                let path = log(number, in: folder)
                let arguments = ["--verifier", plan.store, folder, "\(number)"] + (plan.isDeaf ? ["--deaf"] : [])
                return ServerProcess.Command(plan.program, arguments) { lines(path).contains("accepts 0") }
            }
            return try await ServerProcess.withAll(commands) { processes in
                try await body(TokenFleet(processes: processes, folder: folder))
            }
        }
    }

    /// Waits until each verifier accepts a user's token; those before it must have been refused.
    public func waitUntilAccepted(_ user: Int) async throws {
        try await Waiting.until("every verifier accepts the token of \(Self.user(user))", limit: .seconds(60)) {
            processes.indices.allSatisfy { Self.lines(Self.log($0, in: folder)).contains("accepts \(user)") }
        }
    }

    /// Waits until each verifier has refused a user's token, and tells when.
    ///
    /// A verifier's file has a line `accepts NUMBER` for the first request that it accepted, and
    /// `refuses NUMBER LAST FIRST CODE` once it refuses.
    public func answers(about user: Int) async throws -> [Answer] {
        try await Waiting.until("every verifier refuses the token of \(Self.user(user))", limit: .seconds(60)) {
            processes.indices.allSatisfy { answer($0, user) != nil }
        }
        return processes.indices.compactMap { answer($0, user) }
    }

    private func answer(_ verifier: Int, _ user: Int) -> Answer? {
        let line = Self.lines(Self.log(verifier, in: folder)).first { $0.hasPrefix("refuses \(user) ") }
        guard let words = line?.split(separator: " "), words.count == 5, let last = UInt64(words[2]),
            let first = UInt64(words[3])
        else { return nil }
        return Answer(lastAccepted: last, firstRefused: first, code: String(words[4]))
    }

    private static func prepare(_ plan: Plan, in folder: String) throws {
        let key = try JSONWebKey.generate(.edDSA)
        let issuer = try TokenIssuer(issuer: issuer, signer: TokenSigner(key: key), lifetime: lifetime)
        let tokens = try (0..<plan.users).map { number in
            try issuer.issue(TokenClaims(subject: user(number), audience: [audience], epoch: plan.epoch)).secretText
        }
        let keys = try JSONWebKeySet([key]).publicJSON
        try Data("\(keys)".utf8).write(to: URL(filePath: keysFile(in: folder)))
        try Data(tokens.joined(separator: "\n").utf8).write(to: URL(filePath: tokensFile(in: folder)))
    }

    /// Where the keys are that the tokens are verified with.
    public static func keysFile(in folder: String) -> String { "\(folder)/keys.jwks" }

    /// Where the tokens are, a line each.
    public static func tokensFile(in folder: String) -> String { "\(folder)/tokens" }

    /// Where a verifier writes what it did.
    public static func log(_ verifier: Int, in folder: String) -> String { "\(folder)/verifier-\(verifier).log" }

    /// The whole lines of a file; none where it isn't there yet.
    public static func lines(_ path: String) -> [String] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
}
