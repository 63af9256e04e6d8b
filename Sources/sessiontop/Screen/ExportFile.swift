import Dashboard
import Screen
import Sessions

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#endif

/// What is listed as a file: of sessions their handles and what a list shows, never a secret.
enum ExportFile {
    /// The folder of a file whose path doesn't begin with one; `nil`: nobody can tell, for it has gone.
    static var folder: String? {
        guard let path = getcwd(nil, 0) else { return nil }
        defer { free(path) }
        return String(cString: path)
    }

    /// Reads some of the outcomes beside an audit entry, after a place; `nil`: none are kept there.
    typealias ReadOutcomes = (_ number: Int64, _ place: Int64?, _ limit: Int) async throws -> AuditOutcomePage?

    /// Writes a new file of mode 0600: what is there already is left as it is.
    ///
    /// - Parameters:
    ///   - export: what is written, and where.
    ///   - layout: the store's.
    ///   - now: the moment that it is as of.
    ///   - outcomes: reads what became of an audit entry's sessions, which JSON tells with the entry.
    /// - Throws: ``SessionsError`` with `refused` where the file is there, or can't be written; says why.
    static func write(
        _ export: Export, layout: String, at now: Timestamp, outcomes: ReadOutcomes
    ) async throws {
        let descriptor = open(export.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(export.path) }
        defer { close(descriptor) }
        do {
            if case (.entries(let entries), .jsonl) = (export.content, export.format) {
                for entry in entries {
                    try await write(entry, reading: outcomes) { try put($0, into: descriptor, export.path) }
                }
            } else {
                try put(contents(export, layout, at: now), into: descriptor, export.path)
            }
            guard fsync(descriptor) == 0 else { throw failure(export.path) }
        } catch {
            // A part of it would pass for all of it.
            unlink(export.path)
            throw error
        }
    }

    /// Outcomes that are read at once, and no more of them held: an entry may tell of millions of sessions.
    private static let outcomesAtOnce = 1_000

    /// Writes an audit entry as JSON, with what became of its sessions last: `null` where none are kept beside an entry
    /// that was written with some.
    private static func write(
        _ entry: AuditEntry, reading outcomes: ReadOutcomes, put: ([UInt8]) throws -> Void
    ) async throws {
        var bytes: [UInt8] = []
        JSONValue.object(AuditLine(entry: entry).members).write(to: &bytes)
        // The object goes on.
        bytes.removeLast()
        bytes += Array(#","outcomes":"#.utf8)
        let hasNone = entry.outcomesDigest == AuditEntry.digest(of: [])
        var rest: AuditOutcomePage?
        if !hasNone { rest = try await page(of: entry, after: nil, reading: outcomes) }
        // Some stores answer with none where none are kept.
        guard hasNone || rest?.outcomes.isEmpty == false else { return try put(bytes + Array("null}\n".utf8)) }
        bytes.append(UInt8(ascii: "["))
        var isFirst = true
        while let page = rest {
            for outcome in page.outcomes {
                if !isFirst { bytes.append(UInt8(ascii: ",")) }
                isFirst = false
                JSONValue.object([
                    .init("handle", .string("\(outcome.id.handle)")), .init("outcome", .string(outcome.word)),
                ]).write(to: &bytes)
            }
            guard let place = page.next else { break }
            try put(bytes)
            bytes.removeAll(keepingCapacity: true)
            rest = try await Self.page(of: entry, after: place, reading: outcomes)
            guard rest != nil else { throw lost(entry, "they are gone") }
        }
        try put(bytes + Array("]}\n".utf8))
    }

    private static func page(
        of entry: AuditEntry, after place: Int64?, reading outcomes: ReadOutcomes
    ) async throws -> AuditOutcomePage? {
        do {
            return try await outcomes(entry.number, place, outcomesAtOnce)
        } catch {
            throw lost(entry, "\(error)")
        }
    }

    private static func lost(_ entry: AuditEntry, _ reason: String) -> SessionsError {
        SessionsError(.refused, "nothing is exported: the outcomes of entry \(entry.number) can't be read: \(reason)")
    }

    private static func put(_ bytes: [UInt8], into descriptor: Int32, _ path: String) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Self.system(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw failure(path) }
            rest = rest.dropFirst(count)
        }
    }

    // The name alone would mean ``write(_:layout:at:outcomes:)`` in here.
    #if canImport(Glibc)
    private static let system = Glibc.write
    #elseif canImport(Darwin)
    private static let system = Darwin.write
    #else
    private static let system = Musl.write
    #endif

    private static func failure(_ path: String) -> SessionsError {
        let code = errno
        let problem = code == EEXIST ? "is there already" : "can't be written: \(String(cString: strerror(code)))"
        return SessionsError(.refused, "nothing is exported: \(path) \(problem); choose another file")
    }

    private static func contents(_ export: Export, _ layout: String, at now: Timestamp) -> [UInt8] {
        let (names, records) = table(export.content, layout, at: now)
        switch export.format {
        case .csv:
            let cells = [names] + records.map { $0.map(\.value.plainText) }
            return Array(cells.map { CSV.line($0) + "\r\n" }.joined().utf8)
        case .jsonl: return Array(records.map { "\(JSONValue.object($0))\n" }.joined().utf8)
        }
    }

    /// The columns' names, and the members of each record.
    private static func table(
        _ content: Export.Content, _ layout: String, at now: Timestamp
    ) -> (names: [String], records: [[JSONValue.Member]]) {
        switch content {
        case .sessions(let rows):
            let lines = rows.map { SessionLine(row: $0, now: now, layout: layout) }
            return (SessionLine.columns.map(\.name), lines.map(\.members))
        case .entries(let entries): return (AuditLine.names, entries.map { AuditLine(entry: $0).members })
        }
    }
}
