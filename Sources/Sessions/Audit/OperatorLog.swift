#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#endif
internal import Synchronization

/// An append-only audit log in a file of the operator's own: for what keeps none, such as a balancer.
///
/// A line of JSON an entry, each with its outcomes and with the hash of the one before, in a file of mode 0600. Several
/// processes may append to it at once. Nothing keeps its owner from changing it: the chain tells that it was.
///
/// Whoever changes something calls ``prepare()`` before, and ``keep(_:target:outcomes:result:count:order:)`` after it,
/// whatever came of it.
public final class OperatorLog: Sendable {
    /// The file; empty where there is no place for one.
    public let path: String
    /// Why nothing can be put on the record; `nil`: nothing is known against it.
    public let lack: String?

    /// An order for more sessions has an entry for each so many: what it did by then is on the record should it break off.
    public static let sessionsAnEntry = 500

    /// A file that is longer, in bytes, takes no more orders.
    private static let longestFile = 256 << 20
    /// So many outcomes stand beside an entry at most: a line has to be read at once.
    private static let mostOutcomes = 10_000
    /// So many entries that could not be written are remembered.
    private static let mostUnrecorded = 100

    private let makesFolder: Bool
    private let state = Mutex(State())

    private struct State {
        /// The last entry, as far as this process knows.
        var end: Mark?
        /// The last entry of the last page that was read.
        var page: Mark?
        /// The last entry whose outcomes were read.
        var looked: Mark?
        var unrecorded: [String] = []
    }

    /// Where an entry stands: while it still does, nobody has to read what is before it.
    private struct Mark {
        var number: Int64
        var place: Range<Int>
    }

    /// An entry, and where it stands.
    private struct Line {
        var entry: AuditEntry
        var place: Range<Int>
        /// The whole line.
        var json: JSONValue

        /// What stands beside the entry; `nil`: older versions wrote nothing there.
        var outcomes: [AuditOutcome]? {
            get throws {
                guard let kept = json["outcomes"] else {
                    return entry.outcomesDigest == AuditEntry.digest(of: []) ? [] : nil
                }
                guard case .array(let elements) = kept else { throw JSONFields.malformed("outcomes") }
                return try elements.map { try AuditOutcome(json: $0) }
            }
        }

        var mark: Mark { Mark(number: entry.number, place: place) }
    }

    /// Names the file; it is made by the first entry.
    public convenience init(path: String) { self.init(path: path, makesFolder: false) }

    /// Names the file.
    ///
    /// - Parameters:
    ///   - path: the file; it is made by the first entry.
    ///   - makesFolder: whether the folder that it is in is made as well.
    init(path: String, makesFolder: Bool) {
        self.path = path
        self.makesFolder = makesFolder
        lack = nil
    }

    /// Stands for a log where there is no place for one: what has to be put on the record can't be done.
    ///
    /// - Parameter reason: why, and what to do about it.
    public init(lacking reason: String) {
        path = ""
        makesFolder = false
        lack = reason
    }

    // MARK: Writing

    /// Sees whether an entry could be appended, before something is done that must be on the record.
    ///
    /// - Throws: ``SessionsError`` with `refused` where there is no place for a log, `unavailable` where it can't be written
    ///   or is full, `corrupt` where a line of it is no entry.
    public func prepare() throws {
        try withFile(O_RDWR | O_CREAT) { file in
            var status = stat()
            guard fstat(file, &status) == 0 else { throw failure(errno) }
            guard status.st_size <= Self.longestFile else {
                throw SessionsError(
                    .unavailable, "the audit log \(path) is as long as it may become: move it away, and keep it")
            }
            try remember(last(in: file))
        }
    }

    /// Appends an entry.
    ///
    /// - Parameters:
    ///   - action: what was done.
    ///   - target: to what.
    ///   - outcomes: what became of each session concerned; of more than 10,000 the digest alone is kept.
    ///   - result: what came of it, in a few words; `nil`: the outcomes' words with their numbers.
    ///   - count: how many sessions it was for; `nil`: as many as there are outcomes.
    ///   - order: who ordered it, when and why.
    /// - Returns: the entry.
    /// - Throws: ``SessionsError`` as ``prepare()`` does.
    @discardableResult
    public func append(
        _ action: AuditAction, target: String, outcomes: [AuditOutcome] = [], result: String? = nil, count: Int? = nil,
        order: Order
    ) throws -> AuditEntry {
        try withFile(O_RDWR | O_CREAT) { file in
            let last = try last(in: file)
            let entry = AuditEntry(
                number: try AuditEntry.number(after: last?.entry.number), at: order.at, actor: order.actor,
                action: action, target: target, count: count ?? outcomes.count,
                result: result ?? AuditEntry.summary(of: outcomes), reason: order.reason,
                outcomesDigest: AuditEntry.digest(of: outcomes),
                previous: last?.entry.hash ?? Array(repeating: 0, count: IDHash.byteCount))
            let json = Self.json(entry, outcomes)
            let place = try write("\(json)\n", to: file, at: last?.place.upperBound ?? 0)
            remember(Line(entry: entry, place: place, json: json))
            return entry
        }
    }

    private static func json(_ entry: AuditEntry, _ outcomes: [AuditOutcome]) -> JSONValue {
        guard case .object(var members) = entry.json, (1...mostOutcomes).contains(outcomes.count) else {
            return entry.json
        }
        members.append(.init("outcomes", .array(outcomes.map(\.json))))
        return .object(members)
    }

    /// Puts on the record what has been done: it is done, whether or not that succeeds.
    ///
    /// What could not be written is told by ``takeUnrecorded()``.
    ///
    /// - Parameters:
    ///   - action: what was done.
    ///   - target: to what.
    ///   - outcomes: what became of each session concerned.
    ///   - result: what came of it, in a few words; `nil`: the outcomes' words with their numbers.
    ///   - count: how many sessions it was for; `nil`: as many as there are outcomes.
    ///   - order: who ordered it, when and why.
    public func keep(
        _ action: AuditAction, target: String, outcomes: [AuditOutcome] = [], result: String? = nil, count: Int? = nil,
        order: Order
    ) {
        do {
            try append(action, target: target, outcomes: outcomes, result: result, count: count, order: order)
        } catch {
            let came = result ?? AuditEntry.summary(of: outcomes)
            let sentence = "\(action.rawValue) \(target), \(came): \(SessionsError.reason(error))"
            state.withLock { state in
                state.unrecorded.append(sentence)
                if state.unrecorded.count > Self.mostUnrecorded { state.unrecorded.removeFirst() }
            }
        }
    }

    /// What was done and could not be put on the record since this was last asked, each in a sentence.
    public func takeUnrecorded() -> [String] {
        state.withLock { state in
            defer { state.unrecorded = [] }
            return state.unrecorded
        }
    }

    // MARK: Reading

    /// The entries after a number, in order; none where there is no file yet.
    ///
    /// - Throws: ``SessionsError`` with `unavailable` where it can't be read, `corrupt` where a line is no entry,
    ///   `unsupported` where there is no place for a log.
    public func entries(after number: Int64, limit: Int) throws -> [AuditEntry] {
        guard try isThere(), limit > 0 else { return [] }
        return try withFile(O_RDONLY) { file in
            let known = try line(at: state.withLock { $0.page?.number == number ? $0.page : nil }, in: file)
            var (found, last): ([AuditEntry], Line?) = ([], nil)
            try forEachLine(in: file, after: known) { line in
                if found.isEmpty, line.entry.number <= number { return true }
                found.append(line.entry)
                last = line
                return found.count < limit
            }
            if let last { state.withLock { $0.page = last.mark } }
            return found
        }
    }

    /// Some of the outcomes beside an entry, in order.
    ///
    /// - Parameters:
    ///   - number: the entry's.
    ///   - place: where the last page ended; `nil` for the first.
    ///   - limit: at most so many.
    /// - Returns: the outcomes; `nil` where there is no such entry, or an older version wrote none beside it.
    /// - Throws: ``SessionsError`` as ``entries(after:limit:)`` does.
    public func outcomes(of number: Int64, after place: Int64?, limit: Int) throws -> AuditOutcomePage? {
        guard try isThere() else { return nil }
        return try withFile(O_RDONLY) { file in
            let mark = state.withLock { $0.looked }
            let known = try line(at: mark.flatMap { $0.number <= number ? $0 : nil }, in: file)
            var found = known.flatMap { $0.entry.number == number ? $0 : nil }
            if found == nil {
                try forEachLine(in: file, after: known) { line in
                    if line.entry.number == number { found = line }
                    return found == nil
                }
            }
            state.withLock { $0.looked = found?.mark }
            return try found?.outcomes.map { AuditOutcomePage(of: $0, after: place, limit: limit) }
        }
    }

    private func isThere() throws -> Bool {
        if let lack { throw SessionsError(.unsupported, lack) }
        guard access(path, F_OK) != 0 else { return true }
        guard errno == ENOENT else { throw failure(errno) }
        return false
    }

    /// The last entry; what this process has seen before is not read again.
    private func last(in file: Int32) throws -> Line? {
        var last = try line(at: state.withLock { $0.end }, in: file)
        try forEachLine(in: file, after: last) { line in
            last = line
            return true
        }
        return last
    }

    private func remember(_ last: Line?) { state.withLock { $0.end = last?.mark } }

    /// The entry that a mark tells of; `nil` where it doesn't stand there any more.
    private func line(at mark: Mark?, in file: Int32) throws -> Line? {
        guard let mark else { return nil }
        var lines = FileLines(file, from: mark.place.lowerBound)
        guard let found = try lines.next(), found.place == mark.place, let line = try? line(found),
            line.entry.number == mark.number
        else { return nil }
        return line
    }

    /// Reads entries until the closure has enough.
    ///
    /// What a crash left of a line was never acknowledged: it is passed over.
    private func forEachLine(in file: Int32, after known: Line?, _ body: (Line) throws -> Bool) throws {
        var lines = FileLines(file, from: known?.place.upperBound ?? 0)
        while let found = try lines.next() {
            guard try found.bytes.isEmpty || body(line(found)) else { return }
        }
    }

    private func line(_ found: FileLines.Line) throws -> Line {
        guard let json = JSONValue(parsing: found.bytes), let entry = try? AuditEntry(json: json) else {
            throw SessionsError(.corrupt, "\(path) holds a line that is no entry: move it away, and keep it")
        }
        return Line(entry: entry, place: found.place, json: json)
    }

    // MARK: The file

    private func withFile<Result>(_ flags: Int32, _ body: (Int32) throws -> Result) throws -> Result {
        if let lack { throw SessionsError(.refused, lack) }
        let file = try opened(flags)
        defer { close(file) }
        // Gone with the descriptor, whatever happens.
        guard flock(file, LOCK_EX) == 0 else { throw failure(errno) }
        do {
            return try body(file)
        } catch let fault as FileLines.Fault {
            throw failure(fault.code)
        }
    }

    private func opened(_ flags: Int32) throws -> Int32 {
        func attempt() -> Int32 { open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0o600) }
        var file = attempt()
        if file < 0, errno == ENOENT, makesFolder, flags & O_CREAT != 0, let end = path.lastIndex(of: "/") {
            try PrivateFolder.make(String(path[..<end]))
            file = attempt()
        }
        guard file >= 0 else { throw failure(errno) }
        return file
    }

    /// Writes a line at the end of the last whole one; answers where it stands.
    private func write(_ line: String, to file: Int32, at end: Int) throws -> Range<Int> {
        guard ftruncate(file, off_t(end)) == 0 else { throw failure(errno) }
        var (rest, place) = (Array(line.utf8)[...], end)
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, off_t(place)) }
            guard written > 0 else { throw failure(errno) }
            rest = rest.dropFirst(written)
            place += written
        }
        guard fsync(file) == 0 else { throw failure(errno) }
        return end..<place
    }

    private func failure(_ code: Int32) -> SessionsError {
        SessionsError(
            .unavailable,
            "the audit log \(path) can't be used: \(String(cString: strerror(code))); see who may write it")
    }
}

extension SessionsError {
    /// Why something wasn't done, in words.
    package static func reason(_ error: any Error) -> String {
        if let error = error as? SessionsError { return error.message }
        return error is CancellationError ? "it was stopped before its end" : "\(error)"
    }
}
