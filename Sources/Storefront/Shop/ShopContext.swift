import Hummingbird
import NIOCore
import SessionTokens
import SessionsHummingbird

/// A request of the shop.
struct ShopContext: SessionRequestContext, TokenRequestContext {
    var coreContext: CoreRequestContextStorage
    var session = RequestSession<Basket>()
    var token: VerifiedToken?
    let peer: SocketAddress?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        peer = source.channel.remoteAddress
    }
}
