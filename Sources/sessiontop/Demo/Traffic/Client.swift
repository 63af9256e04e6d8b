import Sessions

/// One browser or app that uses the demo's service: what it asks for next, and what an answer does to it.
///
/// A state machine without I/O. It holds its cookie itself, as clients do.
struct Client: Sendable, Equatable {
    /// What a client asks the service for.
    enum Move: Sendable, Equatable {
        /// A first look, without a session: an anonymous one begins.
        case arrive
        /// A sign-in; an anonymous session that was there ends in the same step.
        case signIn
        /// A page.
        case view
        /// One more thing in the cart: a save.
        case addToCart(Cart.Item)
        /// The cart is paid for: a save.
        case checkOut
        /// A sign-out.
        case signOut
    }

    /// What the service answered.
    enum Answer: Sendable, Equatable {
        /// The session is live; the page is there.
        case served
        /// A new session: its cookie, and whether somebody is signed in.
        case issued(SessionCookie, signedIn: Bool)
        /// The session has ended.
        case ended
        /// 401: there is no live session under this cookie.
        case refused
        /// 503: nobody can tell. The cookie stays.
        case failed
    }

    /// Whether somebody sits in front of it.
    enum Presence: Sendable, Equatable {
        case visiting(until: MonotonicInstant)
        case away(until: MonotonicInstant)
    }

    /// What kind of client it is.
    enum Kind: Sendable, Equatable {
        /// A user's own device.
        case member(rank: Int)
        /// Somebody who never signs in.
        case visitor
        /// Somebody who has a user's password, or a copy of the cookie.
        case thief(rank: Int)
    }

    /// What it is.
    let kind: Kind
    /// Where it is used from.
    var address: String
    /// Its user agent.
    var agent: String
    /// The cookie, while there is one.
    var cookie: SessionCookie?
    /// Whether the cookie is a signed-in session's.
    var isSignedIn = false
    /// Whether somebody is there.
    var presence: Presence
    /// Requests that have no answer yet.
    var inFlight = 0
    /// This visit will end with a sign-out, not by idling.
    var willSignOut = false

    /// So many requests of one client at a time: a page and what it loads.
    static let mostInFlight = 3

    /// Makes a client that is there or away.
    init(kind: Kind, address: String, agent: String, presence: Presence) {
        self.kind = kind
        self.address = address
        self.agent = agent
        self.presence = presence
    }

    /// The user who signs in from it.
    var rank: Int? {
        switch kind {
        case .member(let rank), .thief(let rank): rank
        case .visitor: nil
        }
    }
}

/// A cookie as the clients of the demo hold it: the id's text.
///
/// A secret, so it prints as a mask.
struct SessionCookie: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    /// The text that a browser would send.
    let secretText: String

    /// Wraps the text of an id.
    init(_ id: SessionID) { secretText = id.secretText }

    var description: String { "SessionCookie(masked)" }
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
