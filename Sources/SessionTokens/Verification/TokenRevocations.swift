/// Tells whether a token was revoked, by what is at hand: no call leaves the process.
///
/// A verifier asks it about each token, a cached one too, after everything else held.
public protocol TokenRevocations: Sendable {
    /// Why a token is refused; `nil`: it isn't.
    ///
    /// The codes for it: `denied`, `sessionEnded`, `cutOff`, and `revocationUnknown` while nobody can tell.
    func refusal(of token: VerifiedToken) -> TokenRefusal?
}
