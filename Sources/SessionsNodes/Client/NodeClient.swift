internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import Sessions
internal import SessionsTransport
internal import Synchronization

/// Asks one node: keeps a connection or two for the next question, and trusts no answer.
final class NodeClient: Sendable {
    let address: NodeAddress
    private let configuration: NodesConfiguration
    private let context: NIOSSLContext?
    private let group: any EventLoopGroup
    private let idle = Mutex<[Idle]>([])

    private struct Idle {
        let channel: any Channel
        let since: MonotonicInstant
    }

    /// The node was not asked: no connection could be made.
    struct NotReached: Error {
        let reason: SessionsError
    }

    /// A connection that rested for longer may be closed by the other side just when it is used.
    private static let rest = Duration.seconds(10)
    private static let mostIdle = 2

    init(
        _ address: NodeAddress, _ configuration: NodesConfiguration, context: NIOSSLContext?,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) {
        (self.address, self.configuration, self.context) = (address, configuration, context)
        self.group = group
    }

    deinit {
        for idle in idle.withLock({ $0 }) { idle.channel.close(promise: nil) }
    }

    /// Asks for something.
    ///
    /// - Throws: `SessionsError`: what the node said, or why there is no answer.
    func get(_ path: String, _ query: [(String, String)] = []) async throws -> JSONFields {
        let pairs = query.map { "\($0.0)=\(PercentEncoding.encode($0.1))" }.joined(separator: "&")
        return try await ask(.GET, pairs.isEmpty ? path : "\(path)?\(pairs)", nil)
    }

    /// Sends an order.
    func post(_ path: String, _ body: JSONValue) async throws -> JSONFields { try await ask(.POST, path, body) }

    private func ask(_ method: HTTPMethod, _ uri: String, _ body: JSONValue?) async throws -> JSONFields {
        do { return try read(try await exchange(method, uri, body)) } catch let error as NotReached {
            throw error.reason
        }
    }

    /// Sends an order, and tells whether the node may have seen it.
    ///
    /// - Throws: ``NotReached`` where it certainly has not; `SessionsError`.
    func deliver(_ path: String, _ body: JSONValue) async throws -> JSONFields {
        try read(try await exchange(.POST, path, body))
    }

    // MARK: - Answers

    private func read(_ answer: NodeAnswer) throws -> JSONFields {
        guard let value = JSONValue(parsing: Array(answer.body.readableBytesView)) else {
            throw SessionsError.notANode(address)
        }
        let fields: JSONFields
        do { fields = try JSONFields(value) } catch { throw SessionsError.notANode(address, cause: error) }
        guard (200..<300).contains(answer.status) else { throw failure(fields) }
        return fields
    }

    /// What a node says went wrong; strangers may have written it.
    private func failure(_ fields: JSONFields) -> SessionsError {
        guard let error = try? fields.object("error"), let code = try? error.text("code"),
            let message = try? error.text("message")
        else { return .notANode(address) }
        let name = String(code.filter { $0.isASCII && $0.isLetter }.prefix(40))
        let words = String(
            message.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(500).map(Character.init))
        return SessionsError(SessionsError.Code(name), "\(address): \(words)")
    }

    // MARK: - Connections

    private func exchange(_ method: HTTPMethod, _ uri: String, _ body: JSONValue?) async throws -> NodeAnswer {
        let channel = try await connection()
        let answer = channel.eventLoop.makePromise(of: NodeAnswer.self)
        let late = SessionsError.late(address)
        let timer = channel.eventLoop.scheduleTask(in: TimeAmount(configuration.answerLimit)) {
            answer.fail(late)
            channel.close(promise: nil)
        }
        channel.writeAndFlush(request(method, uri, body, answer), promise: nil)
        let result = try await withTaskCancellationHandler {
            try await answer.futureResult.get()
        } onCancel: {
            answer.fail(CancellationError())
            channel.close(promise: nil)
        }
        timer.cancel()
        keep(channel, isReusable: result.isReusable)
        return result
    }

    private func request(
        _ method: HTTPMethod, _ uri: String, _ body: JSONValue?, _ answer: EventLoopPromise<NodeAnswer>
    ) -> NodeExchange {
        var head = HTTPRequestHead(version: .http1_1, method: method, uri: uri)
        head.headers.add(name: "host", value: address.authority)
        head.headers.add(name: "accept", value: "application/json")
        if let token = configuration.token { head.headers.add(name: "authorization", value: "Bearer \(token)") }
        guard let body else { return NodeExchange(head: head, body: nil, answer: answer) }
        var bytes: [UInt8] = []
        body.write(to: &bytes)
        head.headers.add(name: "content-type", value: "application/json")
        head.headers.add(name: "content-length", value: "\(bytes.count)")
        return NodeExchange(head: head, body: ByteBuffer(bytes: bytes), answer: answer)
    }

    private func connection() async throws -> any Channel {
        let now = MonotonicInstant.now
        let (found, old) = idle.withLock { idle in
            let old = idle.filter { !$0.channel.isActive || now - $0.since > Self.rest }
            idle.removeAll { !$0.channel.isActive || now - $0.since > Self.rest }
            return (idle.popLast(), old)
        }
        for idle in old { idle.channel.close(promise: nil) }
        if let found { return found.channel }
        do { return try await connect() } catch let error as NotReached { throw error } catch {
            throw NotReached(reason: .reaching(address, error))
        }
    }

    private func keep(_ channel: any Channel, isReusable: Bool) {
        let isKept =
            isReusable
            && idle.withLock { idle in
                guard idle.count < Self.mostIdle else { return false }
                idle.append(Idle(channel: channel, since: .now))
                return true
            }
        if !isKept { channel.close(promise: nil) }
    }

    private func connect() async throws -> any Channel {
        let (address, context, tls) = (address, context, configuration.tls)
        let channel = try await ClientBootstrap(group: group.next())
            .connectTimeout(TimeAmount(configuration.connectLimit))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if address.isEncrypted, let context {
                        let name = tls.name(forHost: address.host)
                        try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: name))
                    }
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(NodeExchangeHandler(address))
                }
            }
            .connect(host: address.host, port: address.port).get()
        // A name may lead anywhere: only now is it known where to.
        guard address.isEncrypted || channel.remoteAddress?.isLoopback ?? false else {
            channel.close(promise: nil)
            throw NotReached(
                reason: SessionsError(.usage, "\(address) isn't on this machine: write https:// to encrypt"))
        }
        return channel
    }
}

extension SessionsError {
    /// Why a node can't be reached, in words.
    static func reaching(_ address: NodeAddress, _ error: any Error) -> SessionsError {
        reaching("the node at \(address)", error, late: .late(address))
    }
}
