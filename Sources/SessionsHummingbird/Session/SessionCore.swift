internal import HTTPTypes
internal import NIOCore
internal import Sessions
internal import Synchronization

/// One request's session, whatever the application keeps in it.
///
/// The middleware fills it, the handlers change it, and the middleware tells the client what they did.
final class SessionCore: Sendable {
    /// A live session, and the id that its client holds; `nil`: it holds a token instead.
    struct Live: Sendable {
        let id: SessionID?
        var served: ServedSession
    }

    struct State: Sendable {
        var live: Live?
        var changes = ResponseChanges()
        /// The node that made the session, where an affinity cookie says so and it is true.
        var maker: String?
        /// The version of the session's state that the client says it has seen.
        var seen: Int64?
    }

    let desk: SessionDesk
    let fields: HTTPFields
    /// The values of its `Cookie` fields.
    let cookies: [String]
    private let peer: SocketAddress?
    let state = Mutex(State())

    init(_ desk: SessionDesk, fields: HTTPFields, peer: SocketAddress?) {
        self.desk = desk
        self.fields = fields
        cookies = fields[values: .cookie]
        self.peer = peer
    }

    var node: ServiceNode { desk.node }

    var live: Live? { state.withLock { $0.live } }

    /// Who sent the request.
    var request: RequestInfo {
        let forwarded = fields[values: .forwardedFor]
        return RequestInfo(
            ip: desk.settings.trustedProxies.client(peer: peer?.ipAddress, forwarded: forwarded),
            agent: fields[.userAgent])
    }

    /// The session begins, or goes on under another id.
    func adopt(_ made: NewSession) {
        let deadlines = made.served.session.deadlines
        let old = state.withLock { state in
            defer {
                state.live = Live(id: made.id, served: made.served)
                state.changes.cookie = .issued(made.id, deadlines)
                state.changes.affinity = desk.settings.affinity == nil ? nil : made.served.id
            }
            return state.live
        }
        if let old { desk.issued.forget(old.served.id) }
        if let deadline = deadlines.nearest?.moment { _ = desk.issued.note(deadline, of: made.served.id) }
    }

    /// The session is over, and so is the cookie.
    func drop(clearingSite: Bool = false) {
        let old = state.withLock { state in
            defer {
                state.live = nil
                state.changes.cookie = .removed
                state.changes.affinity = nil
                state.changes.clearsSite = state.changes.clearsSite || clearingSite
            }
            return state.live
        }
        if let old { desk.issued.forget(old.served.id) }
    }

    /// What the client is told, besides the response.
    func answerFields() -> [HTTPField] {
        renewCookie()
        let changes = state.withLock { $0.changes }
        let version = versionField.map { [$0] } ?? []
        return changes.isEmpty ? version : changes.fields(desk.settings, at: desk.settings.time.wall()) + version
    }

    /// What tells the client which version it sees now, where it doesn't know.
    var versionField: HTTPField? {
        let (version, seen) = state.withLock { ($0.live?.served.version, $0.seen) }
        guard version != seen else { return nil }
        return version.map { desk.versions.field($0) } ?? desk.versions.removal
    }

    /// A cookie that lasts until the session's deadline is issued again where that has moved.
    private func renewCookie() {
        guard desk.settings.cookie.keeping == .untilDeadline else { return }
        state.withLock { state in
            guard case .kept = state.changes.cookie, let live = state.live else { return }
            let deadlines = live.served.session.deadlines
            guard let deadline = deadlines.nearest?.moment, desk.issued.note(deadline, of: live.served.id) else {
                return
            }
            if let id = live.id { state.changes.cookie = .issued(id, deadlines) }
        }
    }
}
