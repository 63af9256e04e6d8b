import Foundation
import GRDB
import SessionLayouts
import Sessions
import Testing

/// What a real framework wrote to a real server, and what it says that it wrote.
struct Fixture: Sendable, CustomTestStringConvertible {
    /// A session as the framework knows it.
    struct Expected: Sendable {
        let label: String
        let storeKey: String
        /// The id part, and the text that holds it.
        let id: String
        let user: String?
        let name: String?
        /// Seconds; `nil`: the framework keeps none.
        let life: Double?
    }

    let folder: String
    /// The layout, as it is asked for.
    let layoutName: String
    let store: StoreKind
    let holds: Contents

    /// What its payloads hold of what was put into every framework's sessions.
    enum Contents { case everything, texts, nothing }

    var testDescription: String { "\(folder), \(store)" }

    init(_ folder: String, _ layoutName: String, _ store: StoreKind, holds: Contents = .everything) {
        self.folder = folder
        self.layoutName = layoutName
        self.store = store
        self.holds = holds
    }

    static let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures")

    func data(_ file: String) throws -> Data { try Data(contentsOf: Self.path.appending(path: "\(folder)/\(file)")) }

    func layout() throws -> Layout { try LayoutCatalogue.layout(named: layoutName, in: store) }

    /// When the framework's store was read.
    func dumped() throws -> Timestamp {
        let seconds = try number(of: try expectedJSON()["dumped_at"])
        return Timestamp(milliseconds: Int64((seconds * 1000).rounded()))
    }

    /// Every session that the framework says it wrote, and that lies in this kind of store.
    func expected() throws -> [Expected] {
        guard case .array(let sessions) = try expectedJSON()["sessions"] else { throw Broken() }
        return try sessions.filter { store == .postgres || store == .sqlite || $0["expired"] == nil }.map(expected)
    }

    private func expected(_ json: JSONValue) throws -> Expected {
        let id = ["session_key", "sid", "token", "private_id"].compactMap { json[$0] }.first
        guard case .string(let label) = json["label"], case .string(let key) = json["store_key"],
            case .string(let id) = id
        else { throw Broken() }
        let life = json["ttl"] == .null ? nil : try number(of: json["ttl"])
        // The table of cached_db has the bare id, and the cache the whole key.
        return Expected(
            label: label, storeKey: store == .postgres && folder == "django-cached_db" ? id : key, id: id,
            user: text(json["user_id"]), name: text(json["username"]), life: life)
    }

    private func expectedJSON() throws -> JSONValue {
        guard let json = JSONValue(parsing: Array(try data("expected.json"))) else { throw Broken() }
        return json
    }

    /// Every record that lies in the store.
    func records() throws -> [LayoutRecord] {
        switch store {
        case .redis: try redisRecords()
        case .memcached: try lines("memcached.jsonl").map { try record($0, life: $0["ttl_s"], unit: 1000) }
        case .sqlite: try sqliteRecords()
        case .postgres: try SQLDump(try data("dump.sql")).records(of: try layout())
        }
    }

    private func lines(_ file: String) throws -> [JSONValue] {
        try data(file).split(separator: UInt8(ascii: "\n")).map { line in
            guard let json = JSONValue(parsing: Array(line)) else { throw Broken() }
            return json
        }
    }

    private func record(_ json: JSONValue, life: JSONValue?, unit: Double) throws -> LayoutRecord {
        guard let key = bytes(json["key_b64"]), let value = bytes(json["value_b64"]) else { throw Broken() }
        let life = try number(of: life)
        return .key(
            KeyRecord(
                key: key, value: value, byteCount: value.count,
                life: life < 0 ? nil : .milliseconds(Int64(life * unit))))
    }

    private func redisRecords() throws -> [LayoutRecord] {
        let lines = try lines("redis.jsonl")
        guard case .spring = try layout().place else {
            return try lines.map { try record($0, life: $0["ttl_ms"], unit: 1) }
        }
        let keys = Set(lines.compactMap { bytes($0["key_b64"]) })
        return try lines.filter { text($0["type"]) == "hash" }.map { json in
            guard let key = bytes(json["key_b64"]), case .array(let fields) = json["fields"] else { throw Broken() }
            let parts = try fields.map { field in
                guard case .array(let pair) = field, let name = bytes(pair.first), let value = bytes(pair.last) else {
                    throw Broken()
                }
                return PayloadPart(name: name, value: value)
            }
            return .hash(
                HashRecord(
                    key: key, parts: parts, byteCount: parts.reduce(0) { $0 + ($1.value?.count ?? 0) },
                    life: .milliseconds(Int64(try number(of: json["ttl_ms"]))),
                    hasShadow: SpringPlace.shadow(ofKey: key).map(keys.contains) ?? false))
        }
    }

    private func sqliteRecords() throws -> [LayoutRecord] {
        let layout = try layout()
        guard case .table(let place) = layout.place else { throw Broken() }
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(
            path: Self.path.appending(path: "\(folder)/db.sqlite3").path(), configuration: configuration)
        return try queue.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM \(place.table)").map { row in
                let columns = Dictionary(uniqueKeysWithValues: row.map { ($0.0.lowercased(), ColumnValue($0.1)) })
                guard let key = columns[place.key]?.bytes else { throw Broken() }
                let parts = try place.parts.map { try Self.parts($0, of: key, db) } ?? []
                return .row(RowRecord(of: place, key: key, columns: columns, parts: parts))
            }
            .filter { layout.id(ofKey: $0.key) != nil }
        }
    }
}

extension Fixture {
    private static func parts(_ parts: TablePlace.Parts, of key: [UInt8], _ db: Database) throws -> [PayloadPart] {
        let sql = "SELECT \(parts.name), \(parts.value) FROM \(parts.table) WHERE \(parts.owner) = ?"
        return try Row.fetchAll(db, sql: sql, arguments: [String(decoding: key, as: UTF8.self)]).map { row in
            PayloadPart(name: Array((row[0] as String).utf8), value: Array(row[1] as Data))
        }
    }
}

extension RowRecord {
    /// A row with all of its payload.
    init(of place: TablePlace, key: [UInt8], columns: [String: ColumnValue], parts: [PayloadPart]) {
        let size =
            place.payloadColumn.map { columns[$0]?.bytes?.count ?? 0 }
            ?? parts.reduce(0) { $0 + ($1.value?.count ?? 0) }
        self.init(key: key, byteCount: size, columns: columns, parts: parts)
    }
}

/// A fixture that isn't what it should be.
struct Broken: Error {}

func text(_ json: JSONValue?) -> String? {
    switch json {
    case .string(let text): text
    case .number(let digits): digits
    default: nil
    }
}

private func number(of json: JSONValue?) throws -> Double {
    guard case .number(let digits) = json, let number = Double(digits) else { throw Broken() }
    return number
}

func bytes(_ json: JSONValue?) -> [UInt8]? {
    guard case .string(let text) = json, let data = Data(base64Encoded: text) else { return nil }
    return Array(data)
}

extension ColumnValue {
    fileprivate init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let number): self = .integer(number)
        case .double(let number): self = .real(number)
        case .string(let text): self = .text(Array(text.utf8))
        case .blob(let data): self = .blob(Array(data))
        }
    }
}
