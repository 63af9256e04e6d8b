#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#endif

/// An append-only audit log in a file of the operator's own: for what keeps none, a balancer.
///
/// A line of JSON an entry, each with the hash of the one before, in a file of mode 0600. Several processes may append to
/// it at once. Nothing keeps its owner from changing it: the chain tells that it was.
public final class OperatorLog: Sendable {
    /// The file.
    public let path: String

    /// The file is never longer, in bytes.
    private static let longestFile = 256 << 20

    /// Names the file; it is made by the first entry.
    public init(path: String) { self.path = path }

    /// Sees whether an entry could be appended, before something is done that must be on the record.
    ///
    /// - Throws: ``SessionsError`` with `unavailable`.
    public func prepare() throws { try withFile(O_RDWR | O_CREAT) { _ in } }

    /// Appends an entry.
    ///
    /// - Parameters:
    ///   - action: what was done.
    ///   - target: to what.
    ///   - outcomes: what became of each session concerned.
    ///   - result: what came of it, in a few words; `nil`: the outcomes' words with their numbers.
    ///   - count: how many sessions it was for; `nil`: as many as there are outcomes.
    ///   - order: who ordered it, when and why.
    /// - Returns: the entry.
    /// - Throws: ``SessionsError`` with `unavailable` where it can't be written, `corrupt` where the log's end isn't one.
    @discardableResult
    public func append(
        _ action: AuditAction, target: String, outcomes: [AuditOutcome] = [], result: String? = nil, count: Int? = nil,
        order: Order
    ) throws -> AuditEntry {
        try withFile(O_RDWR | O_CREAT) { file in
            let last = try entries(in: read(file)).last
            let entry = AuditEntry(
                number: (last?.number ?? 0) + 1, at: order.at, actor: order.actor, action: action, target: target,
                count: count ?? outcomes.count, result: result ?? AuditEntry.summary(of: outcomes),
                reason: order.reason, outcomesDigest: AuditEntry.digest(of: outcomes),
                previous: last?.hash ?? Array(repeating: 0, count: IDHash.byteCount))
            try write("\(entry.json)\n", to: file)
            return entry
        }
    }

    /// The entries after a number, in order; none where there is no file yet.
    ///
    /// - Throws: ``SessionsError`` with `unavailable` where it can't be read, `corrupt` where a line is no entry.
    public func entries(after number: Int64, limit: Int) throws -> [AuditEntry] {
        guard access(path, F_OK) == 0 else { return [] }
        let entries = try withFile(O_RDONLY) { try self.entries(in: read($0)) }
        return Array(entries.drop { $0.number <= number }.prefix(max(0, limit)))
    }

    private func entries(in bytes: [UInt8]) throws -> [AuditEntry] {
        // What a crash left of a line was never acknowledged.
        let whole = bytes.prefix((bytes.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1)
        return try whole.split(separator: UInt8(ascii: "\n")).map { line in
            guard let entry = JSONValue(parsing: Array(line)).flatMap({ try? AuditEntry(json: $0) }) else {
                throw SessionsError(.corrupt, "\(path) holds a line that is no entry: move it away, and keep it")
            }
            return entry
        }
    }

    // MARK: The file

    private func withFile<Result>(_ flags: Int32, _ body: (Int32) throws -> Result) throws -> Result {
        let file = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw failure }
        defer { close(file) }
        // Gone with the descriptor, whatever happens.
        guard flock(file, LOCK_EX) == 0 else { throw failure }
        return try body(file)
    }

    private func read(_ file: Int32) throws -> [UInt8] {
        var status = stat()
        guard fstat(file, &status) == 0, status.st_size <= Self.longestFile else { throw failure }
        let size = Int(status.st_size)
        return try Array(unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                guard let base = buffer.baseAddress else { break }
                let more = pread(file, base + count, size - count, off_t(count))
                guard more > 0 else { throw failure }
                count += more
            }
        }
    }

    /// Writes a line at the end of the last whole one.
    private func write(_ line: String, to file: Int32) throws {
        let bytes = try read(file)
        let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        guard ftruncate(file, off_t(end)) == 0 else { throw failure }
        var (rest, place) = (Array(line.utf8)[...], end)
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, off_t(place)) }
            guard written > 0 else { throw failure }
            rest = rest.dropFirst(written)
            place += written
        }
        guard fsync(file) == 0 else { throw failure }
    }

    private var failure: SessionsError {
        SessionsError(
            .unavailable,
            "the audit log \(path) can't be used: \(String(cString: strerror(errno))); see who may write it")
    }
}
