internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
internal import Logging
internal import NIOCore
internal import NIOSSL
public import ServiceLifecycle
internal import Sessions
internal import Synchronization

/// Serves an ``AdminAPI`` on a listener of its own, apart from the service's requests.
public struct AdminListener: Service, Sendable {
    private let api: AdminAPI
    private let configuration: AdminConfiguration
    private let onReady: @Sendable (_ port: Int) async -> Void

    /// Makes one; nothing listens before ``run()``.
    ///
    /// - Parameters:
    ///   - api: what is served.
    ///   - configuration: where, and for whom.
    ///   - onReady: is called with the port when it listens.
    public init(
        _ api: AdminAPI, _ configuration: AdminConfiguration = AdminConfiguration(),
        onReady: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) {
        self.api = api
        self.configuration = configuration
        self.onReady = onReady
    }

    /// Listens until the task is cancelled, or the service group shuts down.
    ///
    /// - Throws: `SessionsError` with `usage` for an address that mustn't be listened on like that, or files that can't be
    ///   used; what the system says where the port is taken.
    public func run() async throws {
        try configuration.check()
        let application = Application(
            router: router, server: try server(),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), backlog: 64,
                availableConnectionsDelegate: MaximumAvailableConnections(64)),
            onServerRunning: { channel in await onReady(channel.localAddress?.port ?? 0) }, logger: Self.quiet)
        try await application.run()
    }

    /// Requests carry ids and users: nothing of them is logged.
    private static var quiet: Logger { Logger(label: "sessiontop.admin") { _ in SwiftLogNoOpLogHandler() } }

    private func server() throws -> HTTPServerBuilder {
        let http = HTTPServerBuilder.http1(configuration: HTTP1Channel.Configuration(idleTimeout: .seconds(30)))
        guard let tls = configuration.tls else { return http }
        return try .tls(http, tlsConfiguration: try Self.settings(tls))
    }

    private static func settings(_ tls: AdminConfiguration.TLS) throws -> TLSConfiguration {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(tls.certificateFile).map {
                NIOSSLCertificateSource.certificate($0)
            }
            let key = NIOSSLPrivateKeySource.privateKey(try NIOSSLPrivateKey(file: tls.keyFile, format: .pem))
            var settings = TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: key)
            settings.minimumTLSVersion = .tlsv12
            if let authorities = tls.clientAuthorityFile {
                settings.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(authorities))
                settings.certificateVerification = .noHostnameVerification
            }
            return settings
        } catch {
            throw SessionsError(
                .usage, "the admin API's TLS can't be used: its files must be PEM that this user may read", cause: error
            )
        }
    }
}

// MARK: - Requests

extension AdminListener {
    var router: Router<BasicRequestContext> {
        let router = Router()
        let streams = AdminStreams()
        router.get("/openapi.json") { request, _ in
            refusal(of: request)?.response ?? Self.response(AdminDescription.json)
        }
        for route in AdminAPI.routes {
            router.on(RouterPath(route.path), method: route.method) { request, context in
                do {
                    if let refusal = refusal(of: request) { throw refusal }
                    return try await answer(request, context.parameters, route, streams)
                } catch {
                    return AdminFailure(error).response
                }
            }
        }
        return router
    }

    /// Refuses whom the configuration doesn't let in; counted, for an operator to see that somebody knocks.
    private func refusal(of request: Request) -> AdminFailure? {
        let refusal = AdminGate(configuration: configuration).refusal(of: request)
        if refusal != nil { api.node.countSuspicious() }
        return refusal
    }

    private func answer(
        _ request: Request, _ path: Parameters, _ route: AdminRoute, _ streams: AdminStreams
    ) async throws -> Response {
        if route.changes, api.isReadOnly {
            throw AdminFailure(.forbidden, .readOnly, "this node's admin API is open for reading only")
        }
        let call = AdminCall(
            api: api, path: path, query: request.uri.queryParameters, body: try await Self.body(of: request, route))
        switch try await route.answer(call) {
        case .json(let value): return Self.response(value)
        case .stream(let write): return try Self.response(write, streams)
        }
    }

    /// Reads a body: bounded in length and in time; one that isn't called JSON is none of ours.
    private static func body(of request: Request, _ route: AdminRoute) async throws -> JSONFields {
        guard route.method == .post else { return try JSONFields(.object([])) }
        let type = request.headers[.contentType]?.prefix { $0 != ";" }
        guard type == "application/json" else {
            throw AdminFailure(.unsupportedMediaType, .usage, "send the order as application/json")
        }
        let bytes = try await within(AdminAPI.bodyTime) {
            try await request.body.collect(upTo: AdminAPI.bodyLimit)
        }
        guard let value = JSONValue(parsing: Array(bytes.readableBytesView)) else {
            throw JSONFields.malformed("JSON")
        }
        return try JSONFields(value)
    }

    private static func within(
        _ limit: Duration, _ read: @escaping @Sendable () async throws -> ByteBuffer
    ) async throws -> ByteBuffer {
        try await withThrowingTaskGroup(of: ByteBuffer.self) { group in
            group.addTask {
                do { return try await read() } catch is NIOTooManyBytesError {
                    throw AdminFailure(.contentTooLarge, .usage, "the order is too long: send fewer sessions at once")
                }
            }
            group.addTask {
                try await Task.sleep(for: limit)
                throw AdminFailure(.requestTimeout, .usage, "the order did not arrive in time")
            }
            defer { group.cancelAll() }
            return try await group.next() ?? ByteBuffer()
        }
    }

    static func response(_ value: JSONValue) -> Response {
        var bytes: [UInt8] = []
        value.write(to: &bytes)
        return Response(
            status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    static func response(
        _ write: @escaping @Sendable (inout any ResponseBodyWriter) async throws -> Void, _ streams: AdminStreams
    ) throws -> Response {
        guard let stream = streams.begin(write) else {
            throw AdminFailure(.serviceUnavailable, .busy, "as many as may are following the events: end one of them")
        }
        return Response(
            status: .ok, headers: [.contentType: "application/jsonl", .cacheControl: "no-store"],
            body: ResponseBody { writer in try await stream.write(&writer) })
    }
}

/// How many follow the events.
final class AdminStreams: Sendable {
    private let count = Mutex(0)

    /// Counts one more; `nil`: as many as may do already.
    func begin(_ write: @escaping @Sendable (inout any ResponseBodyWriter) async throws -> Void) -> AdminStream? {
        let isIn = count.withLock { count in
            guard count < AdminAPI.streamLimit else { return false }
            count += 1
            return true
        }
        return isIn ? AdminStream(write, countedBy: self) : nil
    }

    fileprivate func end() { count.withLock { $0 -= 1 } }
}

/// One who follows the events: counted until the response is gone, for it may go without ever having been written.
final class AdminStream: Sendable {
    let write: @Sendable (inout any ResponseBodyWriter) async throws -> Void
    private let streams: AdminStreams

    fileprivate init(
        _ write: @escaping @Sendable (inout any ResponseBodyWriter) async throws -> Void,
        countedBy streams: AdminStreams
    ) {
        (self.write, self.streams) = (write, streams)
    }

    deinit { streams.end() }
}
