/// JSON as a value: what payloads hold, and what commands print.
///
/// Members keep their order, and numbers the digits they were written with: showing a payload must not change it.
public enum JSONValue: Sendable, Equatable {
    /// Nothing; also what isn't known.
    case null
    /// True or false.
    case bool(Bool)
    /// A number, as written.
    case number(String)
    /// A text, raw; it is escaped when it is written.
    case string(String)
    /// Values in order.
    case array([JSONValue])
    /// Members in order; a name may come twice, as strangers write it.
    case object([Member])

    /// A name and its value.
    public struct Member: Sendable, Equatable {
        /// The name, raw.
        public var name: String
        /// The value.
        public var value: JSONValue

        /// Pairs a name with a value.
        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// A text that may be unknown.
    public static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    /// A whole number that may be unknown.
    public static func integer(_ value: (some BinaryInteger)?) -> JSONValue { value.map { .number("\($0)") } ?? .null }

    /// A moment in RFC 3339, UTC, that may be unknown.
    public static func time(_ moment: Timestamp?) -> JSONValue { moment.map { .string("\($0)") } ?? .null }

    /// A duration in seconds, exact to the millisecond, that may be unknown: `1741.2`.
    public static func seconds(_ duration: Duration?) -> JSONValue {
        duration.map { .number(decimal($0.wholeMilliseconds, places: 3)) } ?? .null
    }

    /// A ratio from 0 to 1, rounded to three places, that may be unknown: `0.987`.
    public static func ratio(_ ratio: Double?) -> JSONValue {
        guard let ratio, ratio.isFinite else { return .null }
        return .number(decimal(Int64((min(max(ratio, 0), 1) * 1000).rounded()), places: 3))
    }

    /// The value of the first member of that name; `nil` where there is none, or this is no object.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        let count = name.utf8.count
        return members.first { $0.name.utf8.count == count && $0.name == name }?.value
    }

    /// Writes a scaled whole number with a decimal point, without trailing zeros: no rounding, no exponent.
    private static func decimal(_ scaled: Int64, places: Int) -> String {
        let digits = String(scaled.magnitude)
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.utf8.count)) + digits
        var fraction = padded.suffix(places)
        while fraction.last == "0" { fraction.removeLast() }
        let whole = padded.dropLast(places)
        return (scaled < 0 ? "-" : "") + (fraction.isEmpty ? String(whole) : "\(whole).\(fraction)")
    }
}

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral {
    /// An object whose members stand in the order they are written in.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }

    /// An array.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

    /// A text.
    public init(stringLiteral text: String) { self = .string(text) }
}
