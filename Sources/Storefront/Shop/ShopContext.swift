import Hummingbird
import NIOCore
import SessionsHummingbird

/// A request of the shop.
struct ShopContext: SessionRequestContext {
    var coreContext: CoreRequestContextStorage
    var session = RequestSession<Basket>()
    let peer: SocketAddress?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        peer = source.channel.remoteAddress
    }
}
