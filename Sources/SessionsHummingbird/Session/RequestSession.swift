internal import HTTPTypes
public import Sessions
internal import Synchronization

/// The session of one request, with the application's state in it.
///
/// It was looked for before the handler began: reading it here waits for nothing. Whatever is changed is written at once,
/// and the handler hears what became of it; nothing happens behind its back when the response is made.
public struct RequestSession<Payload: SessionPayload>: Sendable {
    let core: SessionCore?

    /// None: ``SessionMiddleware`` puts the request's there.
    public init() { core = nil }

    init(_ core: SessionCore) { self.core = core }

    /// Whether the request has a live session.
    public var isLive: Bool { core?.live != nil }

    /// Who is signed in; `nil`: an anonymous visitor, or no session.
    public var user: String? { core?.live?.served.user }

    /// The session as it was read: deadlines, address, when its user signed in; `nil`: none.
    public var record: Session? { core?.live?.served.session }

    /// The digits that people know the session by; `nil`: none.
    public var handle: Handle? { core?.live?.served.id.handle }

    /// The node that made the session, where its client has an affinity cookie that is true.
    public var madeBy: String? { core?.state.withLock { $0.maker } }

    /// The application's state; where there is no session, the one to begin with.
    ///
    /// - Throws: `SessionsError` with `payloadUnreadable` where it can't be read.
    public var payload: Payload {
        get throws { try Self.payload(core?.live?.served.payload ?? []) }
    }

    /// Who is signed in.
    ///
    /// - Returns: the user.
    /// - Throws: `SessionsError` with `notSignedIn`, which answers 401.
    public func requireUser() throws -> String {
        guard let user else { throw SessionsError(.notSignedIn, "nobody is signed in: sign in first") }
        return user
    }

    // MARK: Bytes

    static func payload(_ bytes: [UInt8]) throws -> Payload {
        guard !bytes.isEmpty else { return Payload() }
        do { return try Payload(sessionBytes: bytes) } catch {
            throw SessionsError(
                .payloadUnreadable, "the application can't read its state of a session: let it read older forms, too")
        }
    }

    static func bytes(_ payload: Payload) throws -> [UInt8] {
        do { return try payload.sessionBytes() } catch {
            throw SessionsError(.payloadUnreadable, "the application can't write its state of a session as bytes")
        }
    }

    func mounted() throws -> SessionCore {
        guard let core else {
            throw SessionsError(.usage, "the request has no session: add SessionMiddleware before this route")
        }
        return core
    }
}
