/// A session as a store gave it: what its layout reads.
public enum LayoutRecord: Sendable {
    /// A key, its value, and how long it lives.
    case key(KeyRecord)
    /// A key that holds fields, and how long it lives.
    case hash(HashRecord)
    /// A row's columns.
    case row(RowRecord)

    /// What it is found by: the key, or the key column's bytes.
    public var key: [UInt8] {
        switch self {
        case .key(let record): record.key
        case .hash(let record): record.key
        case .row(let record): record.key
        }
    }

    /// How many bytes of payload it holds: what a page is bounded by.
    public var heldBytes: Int {
        switch self {
        case .key(let record): record.value?.count ?? 0
        case .hash(let record): record.parts.reduce(0) { $0 + ($1.value?.count ?? 0) }
        case .row(let record): record.missing == nil ? record.byteCount ?? 0 : 0
        }
    }
}

/// A named part of a payload that a store keeps in pieces: an attribute.
public struct PayloadPart: Sendable, Equatable {
    /// Its name.
    public let name: [UInt8]
    /// Its value; `nil`: it was too long to be read, or nobody asked for it.
    public let value: [UInt8]?

    /// Makes one.
    public init(name: [UInt8], value: [UInt8]?) {
        self.name = name
        self.value = value
    }
}

/// Why a payload isn't there.
public enum MissingPayload: Sendable, Equatable {
    /// It was too long to be read.
    case tooLong
    /// Nobody asked for it: a list can do without.
    case notAsked
    /// The store doesn't let this user read it.
    case forbidden

    /// The reason, for people.
    var note: String {
        switch self {
        case .tooLong: "The payload is too long to be read here."
        case .notAsked: "The payload was not read."
        case .forbidden: "The store doesn't let this user read the payload."
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

/// A key of Redis that holds fields.
public struct HashRecord: Sendable {
    /// The key.
    public let key: [UInt8]
    /// Its fields.
    public let parts: [PayloadPart]
    /// How long the values of all fields are, in bytes.
    public let byteCount: Int
    /// How long the key lives yet; `nil`: for ever.
    public let life: Duration?
    /// Whether the other key is there whose end the framework waits for.
    public let hasShadow: Bool

    /// Makes one.
    public init(key: [UInt8], parts: [PayloadPart], byteCount: Int, life: Duration?, hasShadow: Bool) {
        self.key = key
        self.parts = parts
        self.byteCount = byteCount
        self.life = life
        self.hasShadow = hasShadow
    }

    /// A field's value; `nil`: there is none, or it wasn't read.
    public subscript(_ name: String) -> [UInt8]? {
        parts.first { $0.name.elementsEqual(name.utf8) }?.value
    }

    /// Whether there is a field, read or not.
    func has(_ name: String) -> Bool { parts.contains { $0.name.elementsEqual(name.utf8) } }
}

/// A row of a table.
public struct RowRecord: Sendable {
    /// The key column's bytes.
    public let key: [UInt8]
    /// How long the payload is, in bytes; `nil`: that may not be known.
    public let byteCount: Int?
    /// Why the payload isn't among the columns; `nil`: it is.
    public let missing: MissingPayload?
    /// The payload of a layout that keeps it in the rows of another table.
    public let parts: [PayloadPart]
    private let columns: [String: ColumnValue]

    /// Makes one.
    ///
    /// - Parameters:
    ///   - key: the key column's bytes.
    ///   - byteCount: how long the payload is.
    ///   - missing: why the payload isn't here.
    ///   - columns: the columns of ``TablePlace/columns`` by their names.
    ///   - parts: the rows of ``TablePlace/Parts``.
    public init(
        key: [UInt8], byteCount: Int?, missing: MissingPayload? = nil, columns: [String: ColumnValue],
        parts: [PayloadPart] = []
    ) {
        self.key = key
        self.byteCount = byteCount
        self.missing = missing
        self.columns = columns
        self.parts = parts
    }

    /// The names of the columns that were read.
    public var names: [String] { columns.keys.sorted() }

    /// Whether all of some columns were read.
    func has(_ names: [String]) -> Bool { names.allSatisfy { columns[$0] != nil } }

    /// A column's value.
    public subscript(_ name: String?) -> ColumnValue { name.flatMap { columns[$0] } ?? .null }
}
