import Foundation
import Sessions

@testable import SessionsSQLite

/// A folder of a test's own, removed afterwards.
struct TemporaryFolder {
    let path: String

    static func with<Result>(_ body: (TemporaryFolder) async throws -> Result) async throws -> Result {
        let url = FileManager.default.temporaryDirectory.appending(path: "sessions-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: url) }
        return try await body(TemporaryFolder(path: url.path))
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Every file with its bytes.
    func contents() throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: path)
        return try Dictionary(
            uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: URL(filePath: file($0)))) })
    }
}

let noon = Timestamp(milliseconds: 1_800_000_000_000)

func someSession(user: String? = "alice", payload: [UInt8] = [1, 2, 3]) -> Session {
    Session(id: SessionID().hash, user: user, created: noon, lifetime: .office, payload: Payload(bytes: payload))
}
