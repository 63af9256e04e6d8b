internal import NIOCore
internal import NIOSSL
internal import Sessions

/// The thin shell between a channel's bytes, the decoder and the connection.
final class RedisChannelHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: RedisConnection
    private let onPush: @Sendable ([RESPValue]) -> Void
    private var decoder = RESPDecoder()
    private var replies: [RESPValue] = []

    init(_ connection: RedisConnection, onPush: @escaping @Sendable ([RESPValue]) -> Void) {
        self.connection = connection
        self.onPush = onPush
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        connection.noteReceived(bytes: bytes.readableBytes)
        decoder.append(bytes)
        do {
            try decoder.drain(into: &replies, onPush)
        } catch {
            connection.close(.notRedis(connection.address, cause: error))
        }
        guard !replies.isEmpty else { return }
        connection.receive(replies)
        replies.removeAll(keepingCapacity: replies.count <= 1024)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        connection.writabilityChanged()
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        connection.close(.lost(connection.address))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        connection.close(.reaching(connection.address, error))
    }
}
