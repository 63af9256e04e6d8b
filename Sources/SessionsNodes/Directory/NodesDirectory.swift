internal import NIOSSL
public import Sessions
internal import SessionsTransport
internal import Synchronization

/// The sessions of several nodes, each in its own memory or in a store they share, as one directory over their admin APIs.
///
/// A node that gives no answer fails nothing but what only it could tell: the rest is shown, ``gaps()`` says what is
/// missing, and ``nodes()`` what the node held when it was last seen. A revoke goes to every node: the one that has the
/// session ends it, the others refuse it should it be handed over to them.
public final class NodesDirectory: SessionDirectory, Sendable {
    /// What this is: the nodes' URLs.
    public let description: StoreDescription
    /// What can be done.
    public let capabilities: Capabilities

    let clients: [NodeClient]
    let time: TimeSource
    let book: Mutex<NodeBook>
    let positions = Mutex(ChangeVectors())

    /// Connects to the nodes; one that answers is enough.
    ///
    /// - Parameters:
    ///   - configuration: which nodes, and how.
    ///   - time: the clocks.
    /// - Returns: the directory.
    /// - Throws: `SessionsError` with `unavailable` where no node answers, with `refused` where the token isn't right, and
    ///   with `usage` where a file for TLS can't be used.
    public static func open(_ configuration: NodesConfiguration, time: TimeSource = .system) async throws
        -> NodesDirectory
    {
        let isEncrypted = configuration.addresses.contains(where: \.isEncrypted)
        let context = isEncrypted ? try configuration.tls.makeContext() : nil
        let clients = configuration.addresses.map { NodeClient($0, configuration, context: context) }
        var book = NodeBook(configuration.addresses, began: time.wall())
        let found = await clients.askAll(clients.indices) { try NodeSelf(try await $0.get("/v1/node")) }
        var isReadOnly = false
        for (index, answer) in found {
            switch answer {
            case .success(let node):
                book.note(node, of: index, at: time.wall())
                isReadOnly = isReadOnly || node.isReadOnly
            case .failure(let error): book.note(error, of: index)
            }
        }
        guard book.pages.contains(where: { $0.failure == nil }) else {
            throw book.pages.first?.failure ?? SessionsError(.usage, "no node is named: write https://HOST:PORT")
        }
        return NodesDirectory(clients, book, isReadOnly: isReadOnly, time: time)
    }

    private init(_ clients: [NodeClient], _ book: NodeBook, isReadOnly: Bool, time: TimeSource) {
        (self.clients, self.time) = (clients, time)
        self.book = Mutex(book)
        let count = clients.count
        let kinds = Set(book.pages.filter { $0.failure == nil }.map { $0.isMemory ? "memory" : $0.software }).sorted()
        description = StoreDescription(
            url: clients.map { "\($0.address)" }.joined(separator: ","),
            software: "\(count) \(count == 1 ? "node" : "nodes"), \(kinds.joined(separator: ", "))", layout: "native")
        var abilities = Capabilities.all
        if isReadOnly {
            abilities.revoke = .no(because: "a node's admin API is open for reading only")
            abilities.extend = abilities.revoke
        }
        abilities.steering = Self.steering(book, isReadOnly: isReadOnly)
        if book.isSeveral { abilities.audit = .no(because: "each node keeps a log of its own: look at one node alone") }
        capabilities = abilities
    }

    private static func steering(_ book: NodeBook, isReadOnly: Bool) -> Capabilities.Ability {
        if isReadOnly { return .no(because: "a node's admin API is open for reading only") }
        guard book.pages.contains(where: { $0.failure == nil && $0.isMemory }) else {
            return .no(because: "their sessions lie in a store that outlives them: just stop a node")
        }
        return .yes
    }

    /// What the last answers left out, for people: a node that could not be asked.
    public func gaps() async -> [String] { book.withLock { $0.gaps(at: time.wall()) } }
}

// MARK: - Asking

extension [NodeClient] {
    /// Asks several at once; an answer or a failure of each, in order.
    func askAll<Answer: Sendable>(
        _ indices: some Sequence<Int>, _ ask: @escaping @Sendable (NodeClient) async throws -> Answer
    ) async -> [(index: Int, answer: Result<Answer, SessionsError>)] {
        await withTaskGroup(of: (Int, Result<Answer, SessionsError>).self) { group in
            for index in indices {
                let client = self[index]
                group.addTask {
                    do { return (index, .success(try await ask(client))) } catch {
                        return (index, .failure(.because(error)))
                    }
                }
            }
            var answers: [(index: Int, answer: Result<Answer, SessionsError>)] = []
            for await answer in group { answers.append(answer) }
            return answers.sorted { $0.index < $1.index }
        }
    }
}

extension SessionsError {
    /// Any error as one of ours.
    static func because(_ error: any Error) -> SessionsError {
        switch error {
        case let error as SessionsError: error
        case is CancellationError: SessionsError(.unavailable, "the question was taken back")
        default: SessionsError(.unavailable, "the node gave no answer", cause: error)
        }
    }

    /// Whether the node itself spoke: it is there, and says no.
    var isAnswer: Bool { code != .unavailable && code != .busy }
}

extension NodesDirectory {
    /// Asks nodes at once, and remembers who answered.
    ///
    /// - Throws: the first failure where none answered.
    func ask<Answer: Sendable>(
        _ indices: [Int]? = nil, _ question: @escaping @Sendable (NodeClient) async throws -> Answer
    ) async throws -> [(index: Int, answer: Result<Answer, SessionsError>)] {
        let answers = await clients.askAll(indices ?? book.withLock { $0.speakers }, question)
        try Task.checkCancellation()
        book.withLock { book in
            for (index, answer) in answers { book.note(answer.failure, of: index) }
        }
        if let first = answers.first?.answer.failure, answers.allSatisfy({ $0.answer.failure != nil }) { throw first }
        return answers
    }
}

extension Result {
    var failure: Failure? { if case .failure(let error) = self { error } else { nil } }
    var success: Success? { if case .success(let value) = self { value } else { nil } }
}
