#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif
import SessionsSQLite

/// An embedded store in a folder of its own.
enum TemporaryStore {
    /// Measures on a store that is new and empty, and removes it.
    ///
    /// - Parameters:
    ///   - name: tells the folder from those of other benchmarks.
    ///   - run: is given the store and the path of its file.
    /// - Throws: what the store or the measuring throws.
    static func use(_ name: String, _ run: (SQLiteStore, String) async throws -> Void) async throws {
        let folder = "/tmp/\(name)-benchmark-\(getpid())"
        let path = "\(folder)/s.db"
        mkdir(folder, 0o700)
        defer {
            for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
            rmdir(folder)
        }
        try await run(try SQLiteStore.open(path: path, mode: .create), path)
    }
}
