public import Hummingbird
public import NIOCore

/// A request's context that has a session in it.
///
/// ```swift
/// struct ShopContext: SessionRequestContext {
///     var coreContext: CoreRequestContextStorage
///     var session = RequestSession<Cart>()
///     let peer: SocketAddress?
///
///     init(source: ApplicationRequestContextSource) {
///         coreContext = .init(source: source)
///         peer = source.channel.remoteAddress
///     }
/// }
/// ```
public protocol SessionRequestContext: RequestContext {
    /// The application's state within a session.
    associatedtype Payload: SessionPayload

    /// The session; `RequestSession()` until ``SessionMiddleware`` has looked.
    var session: RequestSession<Payload> { get set }

    /// Where the connection comes from, for the session's record; `nil`: unknown.
    var peer: SocketAddress? { get }
}

extension SessionRequestContext {
    /// Unknown, unless the context says otherwise.
    public var peer: SocketAddress? { nil }
}
