internal import NIOCore
internal import NIOPosix
internal import Sessions
internal import SessionsTransport

/// Asks HAProxy's runtime API: a connection for each command, which HAProxy closes when it has answered.
struct RuntimeClient: Sendable {
    /// The balancer, for errors.
    let address: HAProxyAddress
    private let configuration: HAProxyConfiguration
    private let limits: RuntimeLimits
    private let group: any EventLoopGroup

    /// Makes a client; it connects when it is used.
    init(
        _ configuration: HAProxyConfiguration, limits: RuntimeLimits = RuntimeLimits(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) {
        address = configuration.address
        (self.configuration, self.limits, self.group) = (configuration, limits, group)
    }

    /// Sends a command, and reads the answer as it comes.
    ///
    /// - Throws: `SessionsError` with `unavailable` where there is no whole answer, `refused` where HAProxy says no or the
    ///   connection could be overheard, `unsupported` for a key that can't be named; `CancellationError`.
    func ask<Reader: AnswerReader>(_ command: RuntimeCommand, _ reader: Reader) async throws -> Reader.Answer {
        let line = try command.encoded()
        do {
            let answer = Landing<Result<Reader.Answer, any Error>>()
            let (splitter, silence) = (AnswerSplitter(limits: limits), TimeAmount(configuration.silenceLimit))
            let channel = try await connect { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = AnswerHandler(reader, splitter: splitter, silence: silence) { answer.land($0) }
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            // A command that was given up ends with its connection.
            defer { channel.close(promise: nil) }
            guard isPrivate(channel) else { throw SessionsError.plaintext(address) }
            channel.writeAndFlush(ByteBuffer(bytes: line), promise: nil)
            return try await answer.value().get()
        } catch let fault as RuntimeFault {
            throw SessionsError.faulty(address, fault)
        } catch let error where error is CancellationError || error is SessionsError {
            throw error
        } catch {
            throw SessionsError.reaching(address, error)
        }
    }

    private func connect(
        _ start: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) async throws -> any Channel {
        let bootstrap = ClientBootstrap(group: group.next())
            .connectTimeout(TimeAmount(configuration.connectLimit))
            .channelInitializer(start)
        switch address {
        case .unixSocket(let path): return try await bootstrap.connect(unixDomainSocketPath: path).get()
        case .host(let host, let port): return try await bootstrap.connect(host: host, port: port).get()
        }
    }

    /// Whether nobody else can hear the connection, or that was allowed.
    private func isPrivate(_ channel: any Channel) -> Bool {
        guard case .host = address, !configuration.allowsPlaintext else { return true }
        // The other end may be gone already, and then nothing is sent to anybody.
        return channel.remoteAddress?.isLoopback ?? true
    }
}
