internal import Foundation
public import Sessions

/// A folder of real sessions that a framework wrote, as tests of stores need it.
public struct LayoutFixture: Sendable {
    /// A session as the framework knows it.
    public struct Expected: Sendable {
        /// What the session was made as: `user1-0`.
        public let label: String
        /// Its identity.
        public let id: IDHash
        /// The user's id; `nil`: anonymous.
        public let user: String?
    }

    /// A value of Redis with its key.
    public struct Entry: Sendable {
        /// The key.
        public let key: [UInt8]
        /// The value.
        public let value: [UInt8]
        /// How long it lived when the server was read; `nil`: for ever.
        public let life: Duration?
    }

    private let folder: URL

    /// Names a folder.
    ///
    /// - Parameter path: where it is.
    public init(path: String) { folder = URL(filePath: path) }

    /// The sessions that the framework says it wrote.
    ///
    /// - Throws: ``Broken`` where the folder isn't as it should be.
    public func expected() throws -> [Expected] {
        guard case .array(let sessions) = try parsed(try data("expected.json"))["sessions"] else { throw Broken() }
        return try sessions.map { json in
            let id = ["session_key", "sid", "token", "private_id"].compactMap { json[$0] }.first
            guard case .string(let label) = json["label"], case .string(let id) = id else { throw Broken() }
            let user: String? =
                switch json["user_id"] {
                case .string(let text), .number(let text): text
                default: nil
                }
            return Expected(label: label, id: IDHash(hashing: Array(id.utf8)), user: user)
        }
    }

    /// Every value of the framework's Redis.
    ///
    /// - Throws: ``Broken`` where the folder isn't as it should be.
    public func redis() throws -> [Entry] {
        try data("redis.jsonl").split(separator: UInt8(ascii: "\n")).map { line in
            let json = try parsed(Data(line))
            guard case .number(let digits) = json["ttl_ms"], let life = Int64(digits) else { throw Broken() }
            return Entry(
                key: try bytes(json["key_b64"]), value: try bytes(json["value_b64"]),
                life: life < 0 ? nil : .milliseconds(life))
        }
    }

    /// Copies the framework's SQLite file.
    ///
    /// - Parameter path: where the copy will be.
    /// - Throws: where it can't be copied.
    public func copyDatabase(to path: String) throws {
        try FileManager.default.copyItem(at: folder.appending(path: "db.sqlite3"), to: URL(filePath: path))
    }

    /// The folder isn't as it should be.
    public struct Broken: Error {}

    private func data(_ file: String) throws -> Data { try Data(contentsOf: folder.appending(path: file)) }

    private func parsed(_ data: Data) throws -> JSONValue {
        guard let json = JSONValue(parsing: Array(data)) else { throw Broken() }
        return json
    }

    private func bytes(_ json: JSONValue?) throws -> [UInt8] {
        guard case .string(let text) = json, let data = Data(base64Encoded: text) else { throw Broken() }
        return Array(data)
    }
}
