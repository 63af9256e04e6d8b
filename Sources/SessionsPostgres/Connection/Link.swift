#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#endif
internal import CLibPQ
internal import Sessions

/// One connection of libpq's, used by one thread at a time, which waits in poll(2) and never past the deadline.
final class Link {
    /// Counts the statements.
    var meter: TrafficMeter?
    /// No step waits longer than until here.
    var deadline: ContinuousClock.Instant
    /// The connection is in no state to be used again: an answer never came, or it is gone.
    private(set) var isBroken = false

    let connection: OpaquePointer
    /// The statements that are prepared, by name.
    private var prepared: [String: String] = [:]

    private init(_ connection: OpaquePointer, until deadline: ContinuousClock.Instant) {
        self.connection = connection
        self.deadline = deadline
    }

    deinit { PQfinish(connection) }

    /// Connects to one server.
    ///
    /// - Parameters:
    ///   - parameters: libpq's keywords and values.
    ///   - deadline: when to give up. Only the look-up of a host's name isn't bounded by it.
    ///   - isPrivate: whether what is sent stays on this machine.
    /// - Returns: the connection.
    /// - Throws: ``PostgresFailure``; `plaintext` where others could hear it, and nobody asked for that.
    static func connect(
        _ parameters: [Parameter], until deadline: ContinuousClock.Instant,
        isPrivate: (Link) -> Bool = { $0.isPrivate }
    ) throws -> Link {
        let keywords = CStrings(parameters.map(\.keyword))
        let values = CStrings(parameters.map(\.value))
        let started = withExtendedLifetime((keywords, values)) {
            PQconnectStartParams(keywords.pointers, values.pointers, 0)
        }
        guard let connection = started else { throw PostgresFailure(.notConnected("out of memory")) }
        let link = Link(connection, until: deadline)
        // The code tells what is wrong, in whatever language the server speaks.
        PQsetErrorVerbosity(connection, PQERRORS_SQLSTATE)
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
        var step = PQstatus(connection) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING
        while step != PGRES_POLLING_OK {
            guard step != PGRES_POLLING_FAILED else { throw link.connectFailure() }
            _ = try link.wait(for: step == PGRES_POLLING_READING ? POLLIN : POLLOUT)
            step = PQconnectPoll(connection)
            try link.admit(parameters, isPrivate)
        }
        guard PQsetnonblocking(connection, 1) == 0, PQenterPipelineMode(connection) == 1 else {
            throw PostgresFailure(.lost)
        }
        return link
    }

    private func connectFailure() -> PostgresFailure {
        let said = PQerrorMessage(connection).map { String(cString: $0) } ?? ""
        let words = said.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : String($0) }.joined()
        // With this verbosity a server's refusal ends in its code alone: `FATAL:  28P01`.
        let tail = words.split(separator: " ").last ?? ""
        let isCode = tail.utf8.count == 5 && tail.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) }
        return PostgresFailure(.notConnected(String(words.prefix(300))), state: isCode ? String(tail) : "")
    }

    /// Runs statements in one round trip, as one transaction unless they say otherwise, and answers each one's rows.
    ///
    /// - Parameter commands: where one fails those after it are not run, and what those before it did is undone.
    /// - Returns: what each answered, in their order.
    /// - Throws: ``PostgresFailure``.
    func run(_ commands: [Command]) throws -> [Rows] { try run(commands) {}.rows }

    /// Runs statements, and does some work of one's own while the server is at them.
    ///
    /// - Parameters:
    ///   - commands: as for ``run(_:)``.
    ///   - work: mustn't use this link.
    /// - Returns: what each answered, in their order, and what the work came to.
    /// - Throws: ``PostgresFailure``, and what the work throws, when the answers have been read.
    func run<Result>(_ commands: [Command], meanwhile work: () throws -> Result) throws -> (rows: [Rows], Result) {
        guard !isBroken else { throw PostgresFailure(.lost) }
        do {
            var sent: [Statement?] = []
            var preparing: [String: String] = [:]
            for command in commands {
                let statement = command.statement
                let known = prepared[statement.name] ?? preparing[statement.name]
                assert(known == nil || known == statement.sql, "two statements are called \(statement.name)")
                if !statement.name.isEmpty, known == nil {
                    try accept(PQsendPrepare(connection, statement.name, statement.sql, 0, nil))
                    preparing[statement.name] = statement.sql
                    sent.append(statement)
                }
                try accept(send(command))
                sent.append(nil)
            }
            try accept(PQpipelineSync(connection))
            try flush()
            meter?.count(commands: commands.count)
            let result = Swift.Result { try work() }
            return (try collect(sent), try result.get())
        } catch let failure as PostgresFailure where failure.kind != .refused {
            isBroken = true
            throw failure
        }
    }

    private func send(_ command: Command) -> Int32 {
        Parameters(command.values).withPointers { count, values, lengths, formats in
            let statement = command.statement
            return statement.name.isEmpty
                ? PQsendQueryParams(connection, statement.sql, count, nil, values, lengths, formats, 1)
                : PQsendQueryPrepared(connection, statement.name, count, values, lengths, formats, 1)
        }
    }

    private func accept(_ answer: Int32) throws {
        guard answer == 1 else { throw PostgresFailure(.lost) }
    }

    /// Sends what is waiting, and reads meanwhile: a server that can't get its answers out stops reading.
    private func flush() throws {
        while true {
            let state = PQflush(connection)
            if state == 0 { return }
            guard state == 1 else { throw PostgresFailure(.lost) }
            if try wait(for: POLLIN | POLLOUT) & POLLIN != 0 { try accept(PQconsumeInput(connection)) }
        }
    }

    /// Reads the answers up to the end of the pipeline.
    ///
    /// - Parameter sent: the statement that was prepared at each place, `nil` where one was run.
    /// - Returns: what each that was run answered.
    /// - Throws: ``PostgresFailure``.
    private func collect(_ sent: [Statement?]) throws -> [Rows] {
        var rows: [Rows] = []
        var refusal: PostgresFailure?
        var place = 0
        while true {
            while PQisBusy(connection) == 1 {
                _ = try wait(for: POLLIN)
                try accept(PQconsumeInput(connection))
            }
            guard let result = PQgetResult(connection) else {
                // Between the answers of two statements stands one nothing; more of them mean that the server is gone.
                guard PQstatus(connection) == CONNECTION_OK, place <= sent.count else {
                    throw PostgresFailure(.lost, state: refusal?.state ?? "")
                }
                place += 1
                continue
            }
            let answer = Rows(owning: result)
            switch PQresultStatus(result) {
            case PGRES_PIPELINE_SYNC:
                if let refusal { throw refusal }
                return rows
            case PGRES_TUPLES_OK, PGRES_COMMAND_OK:
                if place < sent.count, let statement = sent[place] {
                    prepared[statement.name] = statement.sql
                } else {
                    rows.append(answer)
                }
            case PGRES_PIPELINE_ABORTED:
                break
            default:
                let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) } ?? ""
                refusal = refusal ?? PostgresFailure(.refused, state: state)
            }
        }
    }

    /// Leaves no transaction open, whatever came before; where that fails, the link is broken.
    func settle() {
        guard !isBroken, PQtransactionStatus(connection) != PQTRANS_IDLE else { return }
        if (try? run([.rollback])) == nil { isBroken = true }
    }

    /// Asks the server to end what it does for this connection.
    ///
    /// Waits for the network: for when nobody waits any more.
    func cancel() {
        guard PQstatus(connection) == CONNECTION_OK, let cancel = PQgetCancel(connection) else { return }
        var words = [CChar](repeating: 0, count: 256)
        PQcancel(cancel, &words, Int32(words.count))
        PQfreeCancel(cancel)
    }
}
