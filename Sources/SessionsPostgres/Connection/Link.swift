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
        if PQconnectionNeedsPassword(connection) == 1 { return PostgresFailure(.noPassword) }
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
    func run(_ commands: [Command]) throws -> [Rows] {
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
            return try collect(sent)
        } catch let failure as PostgresFailure where failure.kind != .refused {
            isBroken = true
            throw failure
        }
    }

    /// Lets the server copy the rows of a query out: it goes on while they are taken apart, without being asked for more.
    ///
    /// - Parameters:
    ///   - query: a query without parameters.
    ///   - columnCount: how many columns it has.
    ///   - take: gets each row, which is valid during the call only; mustn't use this link.
    /// - Throws: ``PostgresFailure``; and what `take` throws, when all rows have been read.
    func copy(_ query: String, columnCount: Int, _ take: (CopiedRow) throws -> Void) throws {
        guard !isBroken else { throw PostgresFailure(.lost) }
        do {
            // Nothing is copied in a pipeline; between two steps there is nothing in it.
            try accept(PQexitPipelineMode(connection))
            try accept(PQsendQuery(connection, "COPY (\(query)) TO STDOUT (FORMAT binary)"))
            try flush()
            meter?.count(commands: 1)
            try collectCopy(CopiedRow(columnCount: columnCount), take)
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
            guard let result = try nextResult() else {
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
                refusal = refusal ?? Self.refusal(result)
            }
        }
    }

    /// Reads what is copied out, to its end, and goes back into the pipeline.
    private func collectCopy(_ row: CopiedRow, _ take: (CopiedRow) throws -> Void) throws {
        var refusal: PostgresFailure?
        var taking = Result<Void, any Error>.success(())
        while let result = try nextResult() {
            let answer = Rows(owning: result)
            switch PQresultStatus(result) {
            case PGRES_COPY_OUT:
                try eachCopy { bytes in
                    guard case .success = taking else { return }
                    taking = Result { if try row.read(bytes) { try take(row) } }
                }
            case PGRES_COMMAND_OK: break
            default: refusal = refusal ?? Self.refusal(result)
            }
            withExtendedLifetime(answer) {}
        }
        guard PQstatus(connection) == CONNECTION_OK else { throw PostgresFailure(.lost, state: refusal?.state ?? "") }
        try accept(PQenterPipelineMode(connection))
        if let refusal { throw refusal }
        try taking.get()
    }

    /// Reads messages of a copy until it ends; whether it ended well, the next result says.
    private func eachCopy(_ body: (UnsafeRawBufferPointer) -> Void) throws {
        var message: UnsafeMutablePointer<CChar>?
        while true {
            let count = PQgetCopyData(connection, &message, 1)
            if let message {
                body(UnsafeRawBufferPointer(start: message, count: Int(count)))
                PQfreemem(message)
            } else if count == 0 {
                try readMore()
            } else {
                return
            }
        }
    }

    /// The next result, once all of it is there; `nil`: there is none.
    private func nextResult() throws -> OpaquePointer? {
        while PQisBusy(connection) == 1 { try readMore() }
        return PQgetResult(connection)
    }

    private func readMore() throws {
        _ = try wait(for: POLLIN)
        try accept(PQconsumeInput(connection))
    }

    private static func refusal(_ result: OpaquePointer) -> PostgresFailure {
        let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) }
        return PostgresFailure(.refused, state: state ?? "")
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
