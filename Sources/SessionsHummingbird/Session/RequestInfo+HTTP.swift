public import Hummingbird
public import NIOCore
public import Sessions

extension RequestInfo {
    /// Who sent a request: the address that trusted proxies tell, and what the client calls itself.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - peer: where its connection comes from; `nil`: unknown.
    ///   - proxies: whose word on the client's address is taken.
    public init(_ request: Request, from peer: SocketAddress?, trusting proxies: TrustedProxies) {
        let forwarded = request.headers[values: .forwardedFor]
        self.init(
            ip: proxies.client(peer: peer?.ipAddress, forwarded: forwarded), agent: request.headers[.userAgent])
    }
}
