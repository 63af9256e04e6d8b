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
        /// What lies under a key.
        public enum Content: Sendable {
            /// A string.
            case string([UInt8])
            /// Fields: name and value by turns.
            case hash([[UInt8]])
            /// Members.
            case set([[UInt8]])
        }

        /// The key.
        public let key: [UInt8]
        /// What lies there.
        public let content: Content
        /// How long it lived when the server was read; `nil`: for ever.
        public let life: Duration?

        /// The bytes of a string; empty for anything else.
        public var value: [UInt8] { if case .string(let bytes) = content { bytes } else { [] } }

        /// The command that writes it, without its life.
        public var command: [[UInt8]] {
            switch content {
            case .string(let value): [Array("SET".utf8), key, value]
            case .hash(let fields): [Array("HSET".utf8), key] + fields
            case .set(let members): [Array("SADD".utf8), key] + members
            }
        }
    }

    private let folder: URL

    /// Names a folder.
    ///
    /// - Parameter path: where it is.
    public init(path: String) { folder = URL(filePath: path) }

    /// Names one of this package's own, among the tests of the layouts.
    package init(named name: String) {
        let root = (0..<4).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }
        folder = root.appending(path: "Tests/SessionLayoutsTests/Fixtures/\(name)")
    }

    /// The path of one of its files.
    package func path(of file: String) -> String { folder.appending(path: file).path() }

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
                key: try bytes(json["key_b64"]), content: try content(json),
                life: life < 0 ? nil : .milliseconds(life))
        }
    }

    private func content(_ json: JSONValue) throws -> Entry.Content {
        func list(_ name: String) throws -> [JSONValue] {
            guard case .array(let all) = json[name] else { throw Broken() }
            return all
        }
        switch json["type"] {
        case .string("hash"):
            return .hash(
                try list("fields").flatMap { field in
                    guard case .array(let pair) = field else { throw Broken() }
                    return try pair.map { try bytes($0) }
                })
        case .string("set"): return .set(try list("members").map { try bytes($0) })
        default: return .string(try bytes(json["value_b64"]))
        }
    }

    /// An item of memcached.
    public struct Item: Sendable {
        /// The key and the value.
        public let key: [UInt8], value: [UInt8]
        /// What its writer marked it with.
        public let flags: UInt32
        /// How long it lived when the server was read; `nil`: for ever.
        public let life: Duration?
    }

    /// Every item of the framework's memcached.
    ///
    /// - Throws: ``Broken`` where the folder isn't as it should be.
    public func memcached() throws -> [Item] {
        try data("memcached.jsonl").split(separator: UInt8(ascii: "\n")).map { line in
            let json = try parsed(Data(line))
            guard case .number(let flags) = json["flags"] ?? .number("0"), let flags = UInt32(flags),
                case .number(let digits) = json["ttl_s"], let life = Int64(digits)
            else { throw Broken() }
            return Item(
                key: try bytes(json["key_b64"]), value: try bytes(json["value_b64"]), flags: flags,
                life: life < 0 ? nil : .seconds(life))
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
