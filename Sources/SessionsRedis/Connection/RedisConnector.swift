internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Sessions
internal import SessionsTransport

/// Makes connections that are ready for commands: connected, encrypted, signed in, the database chosen.
struct RedisConnector: Sendable {
    private let configuration: RedisConfiguration
    private let context: NIOSSLContext?
    private let group: any EventLoopGroup
    private let witness: LinkWitness?

    /// Reads the files for TLS.
    ///
    /// - Throws: `SessionsError` with `usage` where one can't be used.
    init(
        _ configuration: RedisConfiguration, group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        witness: LinkWitness? = nil
    ) throws {
        self.configuration = configuration
        self.group = group
        self.witness = witness
        context = try configuration.tls.map { try $0.makeContext() }
    }

    /// Connects to a server and greets it.
    ///
    /// - Parameters:
    ///   - address: the server.
    ///   - role: what it is to be used for.
    ///   - onPush: gets the messages that nobody asked for, on the event loop.
    /// - Returns: the connection.
    /// - Throws: `SessionsError`; `CancellationError`.
    func connect(
        to address: RedisAddress, as role: RedisGreeting.Role = .primary,
        onPush: @escaping @Sendable ([RESPValue]) -> Void = { _ in }
    ) async throws -> RedisConnection {
        let connection: RedisConnection
        do {
            connection = try await open(address, onPush: onPush)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw SessionsError.reaching(address, error)
        }
        do {
            try admit(connection)
            try await RedisGreeting(configuration, role: role).greet(connection)
            connection.beginService()
            return connection
        } catch {
            let isUnheard = address.hostName != nil && !connection.hasAnsweredCommands
            connection.close(.shutDown(address))
            let reason: any Error = (error as? NotSent)?.reason ?? error
            guard isUnheard, let told = reason as? SessionsError else { throw reason }
            throw told.naming(isEncrypted: context != nil, plain: "redis://", secure: "rediss://")
        }
    }

    /// Refuses a connection that others can hear, before a password goes over it.
    ///
    /// - Throws: `SessionsError` with `refused`.
    func admit(_ connection: RedisConnection) throws {
        guard let isPrivate = connection.isPrivate else {
            throw connection.end ?? SessionsError.lost(connection.address)
        }
        guard isPrivate || context != nil || configuration.allowsPlaintext else {
            throw SessionsError.plaintext(connection.address)
        }
        witness?.see(isPrivate: isPrivate)
    }

    private func open(
        _ address: RedisAddress, onPush: @escaping @Sendable ([RESPValue]) -> Void
    ) async throws -> RedisConnection {
        let (context, commandLimit, meter) = (context, configuration.commandLimit, witness?.meter)
        let name = address.hostName.flatMap { configuration.tls?.name(forHost: $0) }
        let bootstrap = ClientBootstrap(group: group.next())
            .connectTimeout(TimeAmount(configuration.connectLimit))
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        let start: @Sendable (any Channel) -> EventLoopFuture<RedisConnection> = { channel in
            channel.eventLoop.makeCompletedFuture {
                let connection = RedisConnection(
                    channel: channel, address: address, commandLimit: commandLimit, meter: meter)
                let pipeline = channel.pipeline.syncOperations
                if let context { try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: name)) }
                try pipeline.addHandler(RedisChannelHandler(connection, onPush: onPush))
                return connection
            }
        }
        switch address {
        case .host(let host, let port):
            return try await bootstrap.connect(host: host, port: port, channelInitializer: start)
        case .unixSocket(let path):
            // No TCP options there.
            return try await ClientBootstrap(group: group.next())
                .connectTimeout(TimeAmount(configuration.connectLimit))
                .connect(unixDomainSocketPath: path, channelInitializer: start)
        }
    }
}
