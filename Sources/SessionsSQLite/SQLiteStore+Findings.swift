#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#endif
internal import GRDB
public import Sessions

/// What only an SQLite file can tell of itself.
extension SQLiteStore {
    /// Looks at the file's permissions, its soundness and its write-ahead log.
    public func findings(at now: Timestamp) async throws -> [Finding] {
        let quick = try await readers.snapshot { db in
            try db.first("PRAGMA quick_check(1)") { $0.optionalText(0) ?? "" } ?? ""
        }
        return [permissions(), Self.soundness(quick), log()]
    }

    /// Whoever reads the file sees users, addresses and agents; whoever writes it ends and makes sessions.
    private func permissions() -> Finding {
        var status = stat()
        guard stat(path, &status) == 0 else { return Finding("permissions", .unknown, "the file can't be looked at") }
        let mode = String(status.st_mode & 0o777, radix: 8)
        guard status.st_mode & 0o077 != 0 else { return Finding("permissions", .fine, "mode \(mode)") }
        let what = status.st_mode & 0o022 != 0 ? "written" : "read"
        return Finding(
            "permissions", status.st_mode & 0o022 != 0 ? .problem : .warning,
            "the file may be \(what) by others: mode \(mode)", advice: "chmod 600 it, its -wal and its -shm")
    }

    private static func soundness(_ answer: String) -> Finding {
        answer == "ok"
            ? Finding("soundness", .fine, "SQLite finds the file sound")
            : Finding(
                "soundness", .problem, "SQLite finds the file damaged: \(answer)",
                advice: "stop the nodes, keep a copy, and bring back the last backup")
    }

    /// A log that grows has a reader that never ends: every look-up gets slower.
    private func log() -> Finding {
        var status = stat()
        let size = stat(path + "-wal", &status) == 0 ? Int(status.st_size) : 0
        let text = SizeText.short(size)
        guard size > 256 << 20 else { return Finding("log", .fine, "the write-ahead log has \(text)") }
        return Finding(
            "log", .warning, "the write-ahead log has grown to \(text)",
            advice: "look for a process that keeps a read transaction open, and end it")
    }
}
