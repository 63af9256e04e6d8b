import NIOCore
import NIOEmbedded

@testable import SessionsMemcached

/// The other end of a connection, on a clock that a test moves.
struct ScriptedServer {
    let channel = NIOAsyncTestingChannel()
    let connection: MemcachedConnection

    init(commandLimit: Duration = .seconds(1)) async throws {
        let connection = MemcachedConnection(
            channel: channel, address: MemcachedAddress(host: "scripted"), commandLimit: commandLimit)
        self.connection = connection
        let channel = channel
        try await channel.testingEventLoop.executeInContext {
            try channel.pipeline.syncOperations.addHandler(MemcachedChannelHandler(connection))
        }
    }

    /// What was written next.
    func received() async throws -> String {
        String(buffer: try await channel.waitForOutboundWrite(as: ByteBuffer.self))
    }

    /// Answers.
    func say(_ text: String) async throws { try await channel.writeInbound(ByteBuffer(string: text)) }
}
