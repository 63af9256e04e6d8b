/// A session as a store gave it: what its layout reads.
public enum LayoutRecord: Sendable {
    /// A key, its value, and how long it lives.
    case key(KeyRecord)
    /// A row's columns.
    case row(RowRecord)

    /// What it is found by: the key, or the key column's bytes.
    public var key: [UInt8] {
        switch self {
        case .key(let record): record.key
        case .row(let record): record.key
        }
    }
}

/// A key of Redis or Memcached.
public struct KeyRecord: Sendable {
    /// The key.
    public let key: [UInt8]
    /// Its value; `nil`: it was too long to be read.
    public let value: [UInt8]?
    /// How long the value is, in bytes.
    public let byteCount: Int
    /// How long the key lives yet; `nil`: for ever.
    public let life: Duration?

    /// Makes one.
    public init(key: [UInt8], value: [UInt8]?, byteCount: Int, life: Duration?) {
        self.key = key
        self.value = value
        self.byteCount = byteCount
        self.life = life
    }
}

/// A row of a table.
public struct RowRecord: Sendable {
    /// The key column's bytes.
    public let key: [UInt8]
    /// How long the payload is, in bytes.
    public let byteCount: Int
    private let columns: [String: ColumnValue]

    /// Makes one.
    ///
    /// - Parameters:
    ///   - key: the key column's bytes.
    ///   - byteCount: how long the payload is; its column may hold nothing where it was too long to be read.
    ///   - columns: the columns of ``TablePlace/columns`` by their names.
    public init(key: [UInt8], byteCount: Int, columns: [String: ColumnValue]) {
        self.key = key
        self.byteCount = byteCount
        self.columns = columns
    }

    /// The names of the columns that were read.
    public var names: [String] { columns.keys.sorted() }

    /// A column's value.
    public subscript(_ name: String?) -> ColumnValue { name.flatMap { columns[$0] } ?? .null }
}
