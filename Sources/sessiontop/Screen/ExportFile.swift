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

/// The listed sessions as a file: handles and what a list shows, never a secret.
enum ExportFile {
    /// Writes a file of mode 0600 beside the path and gives it its name: readers see all of it or nothing.
    ///
    /// - Throws: ``SessionsError`` with `refused` where the file can't be written; says why.
    static func write(_ export: Export, layout: String, at now: Timestamp) throws {
        let temporary = "\(export.path).\(getpid()).part"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(export.path) }
        defer { close(descriptor) }
        let isWritten = put(contents(export, layout, at: now), into: descriptor) && fsync(descriptor) == 0
        guard isWritten, rename(temporary, export.path) == 0 else {
            let error = failure(export.path)
            unlink(temporary)
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
        SessionsError(.refused, "\(path) can't be written: \(String(cString: strerror(errno))); choose another file")
    }

    private static func contents(_ export: Export, _ layout: String, at now: Timestamp) -> [UInt8] {
        let lines = export.rows.map { SessionLine(row: $0, now: now, layout: layout) }
        switch export.format {
        case .csv:
            let cells = [SessionLine.columns.map(\.name)] + lines.map { $0.members.map(\.value.plainText) }
            return Array(cells.map { CSV.line($0) + "\r\n" }.joined().utf8)
        case .jsonl: return Array(lines.map { "\($0.json)\n" }.joined().utf8)
        }
    }
}
