internal import NIOCore

/// The thin shell between a connection's bytes and the reader of the one answer that comes over it.
final class AnswerHandler<Reader: AnswerReader>: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var reader: Reader
    private var splitter: AnswerSplitter
    private let silence: TimeAmount
    private let land: (Result<Reader.Answer, any Error>) -> Void
    private var alarm: Scheduled<Void>?
    private var isDone = false

    /// Makes a handler.
    ///
    /// - Parameters:
    ///   - reader: reads the answer.
    ///   - splitter: cuts it into lines.
    ///   - silence: how long nothing may come.
    ///   - land: is told what it came to, once.
    init(
        _ reader: Reader, splitter: AnswerSplitter, silence: TimeAmount,
        land: @escaping (Result<Reader.Answer, any Error>) -> Void
    ) {
        (self.reader, self.splitter, self.silence, self.land) = (reader, splitter, silence, land)
    }

    func channelActive(context: ChannelHandlerContext) {
        setAlarm(context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return }
        setAlarm(context)
        do {
            try splitter.take(Array(unwrapInboundIn(data).readableBytesView)[...]) { event in
                guard !isDone else { return }
                if case .line(let line) = event { try reader.take(line) }
                if event == .end || reader.hasEnough { end(.success(try reader.finish()), context) }
            }
        } catch {
            end(.failure(error), context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(.failure(RuntimeFault.cutShort), context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { end(.failure(error), context) }

    private func end(_ result: Result<Reader.Answer, any Error>, _ context: ChannelHandlerContext) {
        guard !isDone else { return }
        isDone = true
        alarm?.cancel()
        land(result)
        context.close(promise: nil)
    }

    private func setAlarm(_ context: ChannelHandlerContext) {
        alarm?.cancel()
        let channel = context.channel
        alarm = context.eventLoop.assumeIsolated().scheduleTask(in: silence) {
            channel.pipeline.fireErrorCaught(ChannelError.connectTimeout(self.silence))
        }
    }
}
