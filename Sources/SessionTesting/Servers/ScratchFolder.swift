internal import Foundation

/// A temporary folder of a test's own, removed afterwards.
public enum ScratchFolder {
    /// Lends a new folder.
    ///
    /// - Parameters:
    ///   - user: who owns it, where the tests run as root: a server that refuses root writes there.
    ///   - body: gets its path.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws, and where no folder can be made.
    public static func with<Result>(
        ownedBy user: String? = nil, _ body: (String) async throws -> Result
    ) async throws -> Result {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("sessions-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: url) }
        if let user, getuid() == 0, let entry = getpwnam(user) {
            chown(url.path, entry.pointee.pw_uid, entry.pointee.pw_gid)
        }
        return try await body(url.path)
    }
}
