internal import NIOCore
internal import NIOHTTP1
internal import Sessions

/// A request to a node, and who waits for the answer.
struct NodeExchange: Sendable {
    let head: HTTPRequestHead
    let body: ByteBuffer?
    let answer: EventLoopPromise<NodeAnswer>
}

/// What a node answered.
struct NodeAnswer: Sendable {
    var status: Int
    var body: ByteBuffer
    /// Whether another request may follow on the connection.
    var isReusable: Bool
}

/// One request after the other on a connection: the thin shell around NIO's HTTP codec.
final class NodeExchangeHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = NodeExchange
    typealias OutboundOut = HTTPClientRequestPart

    private let address: NodeAddress
    private var waiting: EventLoopPromise<NodeAnswer>?
    private var answer: NodeAnswer?

    init(_ address: NodeAddress) { self.address = address }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let exchange = unwrapOutboundIn(data)
        guard waiting == nil, context.channel.isActive else {
            exchange.answer.fail(SessionsError.lost(address))
            return
        }
        waiting = exchange.answer
        context.write(wrapOutboundOut(.head(exchange.head)), promise: nil)
        if let body = exchange.body { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            answer = NodeAnswer(status: Int(head.status.code), body: ByteBuffer(), isReusable: head.isKeepAlive)
        case .body(var part):
            guard answer != nil,
                (answer?.body.readableBytes ?? 0) + part.readableBytes <= NodesConfiguration.longestAnswer
            else { return end(context, .tooLong(address)) }
            answer?.body.writeBuffer(&part)
        case .end:
            guard let whole = answer, waiting != nil else { return end(context, .lost(address)) }
            let promise = waiting
            (answer, waiting) = (nil, nil)
            promise?.succeed(whole)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(context, .lost(address))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { end(context, .reaching(address, error)) }

    private func end(_ context: ChannelHandlerContext, _ reason: SessionsError) {
        let promise = waiting
        (answer, waiting) = (nil, nil)
        promise?.fail(reason)
        context.close(promise: nil)
    }
}

extension SessionsError {
    static func lost(_ address: NodeAddress) -> SessionsError {
        SessionsError(.unavailable, "\(address) closed the connection: see that the node runs, then try again")
    }

    static func late(_ address: NodeAddress) -> SessionsError {
        SessionsError(.unavailable, "\(address) did not answer in time: see whether the node is busy or stopped")
    }

    static func tooLong(_ address: NodeAddress) -> SessionsError {
        SessionsError(.unavailable, "\(address) answered with more than is ever read: check what listens there")
    }

    static func notANode(_ address: NodeAddress, cause: (any Error)? = nil) -> SessionsError {
        SessionsError(
            .unavailable, "what answers at \(address) is no node's admin API: check host and port", cause: cause)
    }
}
