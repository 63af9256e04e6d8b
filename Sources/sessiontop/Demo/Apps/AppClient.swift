import SessionTokens
import Sessions

/// An app of one user, which holds an access token and a refresh token instead of a cookie.
struct AppClient: Sendable {
    /// What an app asks the service for next.
    enum Move: Sendable, Equatable {
        /// A sign-in: a new refresh family.
        case signIn
        /// New tokens for a refresh token; from two windows at once where it says so.
        case refresh(twice: Bool)
        /// A call with the access token.
        case call
        /// A sign-out: the family ends.
        case signOut
    }

    /// What came of it.
    enum Outcome: Sendable {
        /// New tokens.
        case issued(TokenPair)
        /// The tokens stay as they are.
        case kept
        /// The family has ended: there must be a new sign-in.
        case lost
    }

    /// The rank of its user.
    let rank: Int
    /// The name of the application, as the issuer knows it.
    let client: String
    /// Where it is used from.
    var address: String
    /// Its user agent.
    var agent: String
    /// The place of the app whose family its own is derived from: a watch signs in through the phone.
    var parent: Int?
    /// Whether it is a copy of somebody's tokens.
    var isThief = false
    /// What it holds; `nil`: it must sign in.
    var tokens: TokenPair?
    /// Whether a request of its is on the way.
    var isBusy = false

    /// New tokens are asked for so long before the old access token ends.
    static let ahead = Duration.seconds(10)

    /// What it does next.
    func next(at now: Timestamp, using generator: inout SeededGenerator) -> Move {
        guard let tokens else { return .signIn }
        let left = tokens.access.claims.expires.map { $0 - now } ?? .zero
        // Whoever stole a refresh token exchanges it before its owner does.
        let isNew = isThief && tokens.family.generation == stolenGeneration
        if left < Self.ahead || isNew { return .refresh(twice: !isThief && generator.chance(0.1)) }
        return !isThief && generator.chance(0.002) ? .signOut : .call
    }

    /// The generation of the token that was stolen.
    var stolenGeneration: Int?
}
