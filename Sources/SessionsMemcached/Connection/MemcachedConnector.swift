internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Sessions
internal import SessionsTransport

/// Makes connections that are ready for commands: connected, encrypted, signed in, and known to speak meta commands.
struct MemcachedConnector: Sendable {
    private let configuration: MemcachedConfiguration
    private let context: NIOSSLContext?
    private let group: any EventLoopGroup
    private let witness: LinkWitness

    /// Reads the files for TLS.
    ///
    /// - Throws: `SessionsError` with `usage` where one can't be used.
    init(
        _ configuration: MemcachedConfiguration, group: any EventLoopGroup, witness: LinkWitness
    ) throws {
        self.configuration = configuration
        self.group = group
        self.witness = witness
        context = try configuration.tls.map { try $0.makeContext() }
    }

    /// Connects to a server and greets it, all in the time that the configuration allows.
    ///
    /// - Returns: the connection, and what the server is.
    /// - Throws: `SessionsError`.
    func connect(to address: MemcachedAddress) async throws -> MemcachedLink {
        try refusePlaintext(to: address)
        let deadline = MonotonicInstant.now + configuration.connectLimit
        let connection: MemcachedConnection
        do {
            connection = try await open(address)
        } catch {
            throw SessionsError.reaching(address, error)
        }
        do {
            // A name may lead anywhere: only now is it known where to.
            guard isPermitted(isPrivate: connection.isPrivate) else { throw SessionsError.plaintext(address) }
            witness.see(isPrivate: connection.isPrivate)
            connection.beGreeted(within: TimeAmount(max(.zero, deadline - MonotonicInstant.now)))
            let link = try await greet(connection)
            connection.beginService()
            return link
        } catch {
            let isUnheard = !connection.hasBeenUseful
            connection.close(.closed(address))
            let reason: any Error = (error as? NotSent)?.reason ?? error
            guard isUnheard, let told = reason as? SessionsError else { throw reason }
            throw told.naming(isEncrypted: context != nil, plain: "memcached://", secure: "memcacheds://")
        }
    }

    private func isPermitted(isPrivate: Bool) -> Bool { context != nil || configuration.allowsPlaintext || isPrivate }

    /// An address that stands there as such needs no attempt.
    private func refusePlaintext(to address: MemcachedAddress) throws {
        guard let known = try? SocketAddress(ipAddress: address.host, port: address.port) else { return }
        guard isPermitted(isPrivate: known.isLoopback) else { throw SessionsError.plaintext(address) }
    }

    private func open(_ address: MemcachedAddress) async throws -> MemcachedConnection {
        let (context, configuration, meter) = (context, configuration, witness.meter)
        return try await ClientBootstrap(group: group.next())
            .connectTimeout(TimeAmount(configuration.connectLimit))
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(host: address.host, port: address.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let connection = MemcachedConnection(
                        channel: channel, address: address, commandLimit: configuration.commandLimit, meter: meter)
                    let pipeline = channel.pipeline.syncOperations
                    if let context {
                        let name = configuration.tls?.name(forHost: address.host)
                        try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: name))
                    }
                    try pipeline.addHandler(MemcachedChannelHandler(connection))
                    return connection
                }
            }
    }

    /// Signs in where the server asks for it, and nowhere else: another would keep the password as an item.
    private func greet(_ connection: MemcachedConnection) async throws -> MemcachedLink {
        var reply = try await connection.send(.version)
        if reply == .refused(.unauthenticated), let user = configuration.user, let password = configuration.password {
            let answer = try await connection.send(.authenticate(user: user, password: password))
            guard answer == .signedIn else { throw failure(answer, connection) }
            reply = try await connection.send(.version)
        }
        guard case .version(let version) = reply else { throw failure(reply, connection) }
        let answer = try await connection.send(.noop)
        guard answer == .outcome(.noop) else { throw failure(answer, connection) }
        let facts = try await connection.send(.statistics)
        guard case .statistics(let statistics) = facts else { throw failure(facts, connection) }
        return MemcachedLink(connection: connection, version: version, statistics: statistics)
    }

    private func failure(_ reply: MemcachedReply, _ connection: MemcachedConnection) -> SessionsError {
        if case .refused(let refusal) = reply { return .refusal(refusal, connection.address) }
        return .notMemcached(connection.address)
    }
}
