internal import NIOCore
internal import Sessions

/// The thin shell between a channel's bytes, the decoder and the connection.
final class MemcachedChannelHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: MemcachedConnection
    private var decoder = WireDecoder()
    private var replies: [WireReply] = []

    init(_ connection: MemcachedConnection) { self.connection = connection }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        connection.noteReceived(bytes: bytes.readableBytes)
        decoder.append(bytes)
        var fault: WireFault?
        do throws(WireFault) {
            while let reply = try decoder.next() { replies.append(reply) }
        } catch { fault = error }
        // What was whole before the fault is still an answer.
        if !replies.isEmpty { connection.receive(replies) }
        replies.removeAll(keepingCapacity: replies.count <= 1024)
        if let fault { connection.close(.notMemcached(connection.address, cause: fault)) }
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
