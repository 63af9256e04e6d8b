/// A value of RESP3; what RESP2 says is told in the same words.
enum RESPValue: Sendable, Equatable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case double(Double)
    /// Digits of any length.
    case bigNumber([UInt8])
    /// A simple, bulk or verbatim string.
    case bytes([UInt8])
    // Rare, and larger than all the others: it would make each element of a reply larger.
    indirect case error(RedisError)
    /// An array, a set or a push message's elements.
    case array([RESPValue])
    /// Pairs in the order in which they came.
    case map([(RESPValue, RESPValue)])

    static func == (a: RESPValue, b: RESPValue) -> Bool {
        switch (a, b) {
        case (.null, .null): true
        case (.boolean(let x), .boolean(let y)): x == y
        case (.integer(let x), .integer(let y)): x == y
        case (.double(let x), .double(let y)): x == y || x.isNaN && y.isNaN
        case (.bigNumber(let x), .bigNumber(let y)), (.bytes(let x), .bytes(let y)): x == y
        case (.error(let x), .error(let y)): x == y
        case (.array(let x), .array(let y)): x == y
        case (.map(let x), .map(let y)): x.elementsEqual(y) { $0 == $1 }
        default: false
        }
    }
}

extension RESPValue {
    /// The bytes of a string.
    var bytes: [UInt8]? { if case .bytes(let bytes) = self { bytes } else { nil } }

    /// A string as text; bytes that are no UTF-8 are replaced.
    var text: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    /// The elements of an array or set.
    var elements: [RESPValue]? { if case .array(let elements) = self { elements } else { nil } }

    /// A whole number, also one that came as text.
    var integer: Int64? {
        switch self {
        case .integer(let value): value
        case .bytes(let digits): Int64(String(decoding: digits, as: UTF8.self))
        default: nil
        }
    }

    /// A map's pairs; also those of a flat array, as RESP2 has them.
    var pairs: [(RESPValue, RESPValue)]? {
        switch self {
        case .map(let pairs): pairs
        case .array(let flat) where flat.count.isMultiple(of: 2):
            stride(from: 0, to: flat.count, by: 2).map { (flat[$0], flat[$0 + 1]) }
        default: nil
        }
    }

    /// The value as a command's result.
    var result: Result<RESPValue, RedisError> {
        if case .error(let error) = self { .failure(error) } else { .success(self) }
    }
}
