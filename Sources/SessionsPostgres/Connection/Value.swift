internal import Sessions

/// A value for a statement's parameter, sent in PostgreSQL's binary form.
enum Value: Sendable {
    case null
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
    case id(IDHash)
    /// A `bigint[]`.
    case integers([Int64])
    /// A `text[]`.
    case texts([String])
    /// A `text[]` of texts that others wrote, byte for byte.
    case words([[UInt8]])
    /// A `bytea[]`.
    case ids([IDHash])

    static func text(_ text: String?) -> Value { text.map { .text($0) } ?? .null }
    static func moment(_ moment: Timestamp?) -> Value { moment.map { .integer($0.milliseconds) } ?? .null }
    static func position(_ position: FeedPosition) -> Value { .integer(position.value) }
    /// A limit on rows, as it stands behind LIMIT.
    static func limit(_ limit: Int) -> Value { .integer(Int64(max(0, limit))) }
}

extension Value: ExpressibleByIntegerLiteral {
    init(integerLiteral value: Int64) { self = .integer(value) }
}

extension Value {
    /// Appends its bytes; answers `false` for NULL, which has none.
    func append(to bytes: inout [UInt8]) -> Bool {
        switch self {
        case .null: return false
        case .integer(let value): Self.append(value, to: &bytes)
        case .text(let text): StoredText.append(text, to: &bytes)
        case .bytes(let value): bytes.append(contentsOf: value)
        case .id(let id): id.withBytes { bytes.append(contentsOf: $0) }
        case .integers(let values): Self.append(values, of: 20, to: &bytes) { Self.append($0, to: &$1) }
        case .texts(let values): Self.append(values, of: 25, to: &bytes) { StoredText.append($0, to: &$1) }
        case .words(let values): Self.append(values, of: 25, to: &bytes) { $1 += $0 }
        case .ids(let values):
            Self.append(values, of: 17, to: &bytes) { id, bytes in id.withBytes { bytes.append(contentsOf: $0) } }
        }
        return true
    }

    private static func append(_ integer: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: integer.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// An array of one dimension: a header, then each element behind its length.
    private static func append<Element>(
        _ elements: [Element], of type: Int32, to bytes: inout [UInt8],
        each: (Element, inout [UInt8]) -> Void
    ) {
        let header: [Int32] = elements.isEmpty ? [0, 0, type] : [1, 0, type, Int32(clamping: elements.count), 1]
        for word in header { append(word, to: &bytes) }
        for element in elements {
            let start = bytes.count
            append(Int32(0), to: &bytes)
            each(element, &bytes)
            let length = Int32(clamping: bytes.count - start - 4)
            withUnsafeBytes(of: length.bigEndian) { bytes.replaceSubrange(start..<start + 4, with: $0) }
        }
    }
}

/// The parameters of one statement, in one piece of memory, as libpq takes them.
struct Parameters {
    private var bytes: [UInt8] = []
    private var places: [(start: Int, end: Int)?] = []

    init(_ values: [Value]) {
        places.reserveCapacity(values.count)
        for value in values {
            let start = bytes.count
            places.append(value.append(to: &bytes) ? (start, bytes.count) : nil)
        }
        // So that even an empty value has an address: a null pointer would be NULL.
        bytes.append(0)
    }

    /// Lends what libpq takes: how many there are, where they lie, how long they are, and that all are binary.
    func withPointers<Result>(
        _ body: (Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> Result
    ) -> Result {
        bytes.withUnsafeBytes { raw in
            let start = raw.baseAddress?.assumingMemoryBound(to: CChar.self)
            let pointers = places.map { place in place.flatMap { start?.advanced(by: $0.start) } }
            let lengths = places.map { place in Int32(clamping: place.map { $0.end - $0.start } ?? 0) }
            let formats = places.map { _ in Int32(1) }
            return body(Int32(clamping: places.count), pointers, lengths, formats)
        }
    }
}
