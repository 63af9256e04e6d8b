/// A column's value, as the database gives it.
public enum ColumnValue: Sendable, Equatable {
    /// Nothing.
    case null
    /// A whole number.
    case integer(Int64)
    /// A number with a fraction.
    case real(Double)
    /// A text, as its bytes.
    case text([UInt8])
    /// Bytes.
    case blob([UInt8])

    /// A text.
    static func text(_ text: String) -> ColumnValue { .text(Array(text.utf8)) }

    /// The value as bytes; a number as its digits.
    public var bytes: [UInt8]? {
        switch self {
        case .null: nil
        case .integer(let value): Array("\(value)".utf8)
        case .real(let value): Array("\(value)".utf8)
        case .text(let bytes), .blob(let bytes): bytes
        }
    }

    /// The value as text; `nil`: nothing, or no UTF-8.
    var text: String? { bytes.flatMap { String(validating: $0, as: UTF8.self) } }

    /// The value as a whole number; `nil`: it is none.
    var number: Int64? {
        if case .integer(let value) = self { value } else { text.flatMap { Int64($0) } }
    }

    /// Whether a column of truth says yes: PostgreSQL gives a word, SQLite a number.
    var isTrue: Bool { self == .text("true") || (number ?? 0) != 0 }

    /// No, in the form that this value has.
    var cleared: ColumnValue {
        switch self {
        case .null, .text, .blob: .text("false")
        case .integer, .real: .integer(0)
        }
    }
}
