import NIOCore
import NIOPosix
import SessionsNodes

/// A server that answers whatever a test says, to whatever it is asked: a node that has been taken over.
struct RawServer {
    let address: NodeAddress
    private let channel: any Channel

    /// Listens, and answers each connection's first bytes with some pieces.
    static func start(_ pieces: [[UInt8]], closes: Bool = true) async throws -> RawServer {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { child in
                child.eventLoop.makeCompletedFuture {
                    try child.pipeline.syncOperations.addHandler(Handler(pieces: pieces, closes: closes))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port ?? 0
        return RawServer(address: NodeAddress(host: "127.0.0.1", port: port, isEncrypted: false), channel: channel)
    }

    func stop() async { try? await channel.close() }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let pieces: [[UInt8]]
        private let closes: Bool
        private var hasAnswered = false

        init(pieces: [[UInt8]], closes: Bool) { (self.pieces, self.closes) = (pieces, closes) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard !hasAnswered else { return }
            hasAnswered = true
            // Closed before it is all sent, the rest would be thrown away.
            let sent = context.eventLoop.makePromise(of: Void.self)
            for piece in pieces { context.write(wrapOutboundOut(ByteBuffer(bytes: piece)), promise: nil) }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: sent)
            if closes { sent.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) } }
        }
    }
}
