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

    /// Writes a new file of mode 0600: what is there already is left as it is.
    ///
    /// - Throws: ``SessionsError`` with `refused` where the file is there, or can't be written; says why.
    static func write(_ export: Export, layout: String, at now: Timestamp) throws {
        let descriptor = open(export.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(export.path) }
        defer { close(descriptor) }
        guard put(contents(export, layout, at: now), into: descriptor), fsync(descriptor) == 0 else {
            let error = failure(export.path)
            // A part of it would pass for all of it.
            unlink(export.path)
            throw error
        }
    }

    private static func put(_ bytes: [UInt8], into descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Self.system(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    // The name alone would mean ``write(_:layout:at:)`` in here.
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
