internal import Sessions

/// The parameters of a form, as clients of OAuth send them: `application/x-www-form-urlencoded`.
///
/// Bounded, and strict: a parameter that comes twice makes the whole form unusable (RFC 6749, 3.1).
public struct TokenForm: Sendable {
    /// The longest form, in bytes.
    public static let byteLimit = 32_768
    private static let mostFields = 32

    private let fields: [[UInt8]: [UInt8]]

    /// Reads a form; `nil` where it is too long, malformed, or has a parameter twice.
    ///
    /// - Parameter bytes: the body of a request, from anybody.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count <= Self.byteLimit else { return nil }
        var fields: [[UInt8]: [UInt8]] = [:]
        for field in bytes.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: true) {
            let parts = field.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard fields.count < Self.mostFields, let name = Self.decoded(parts[0]),
                let value = parts.count > 1 ? Self.decoded(parts[1]) : [], fields[name] == nil
            else { return nil }
            fields[name] = value
        }
        self.fields = fields
    }

    /// A parameter as text; `nil` where it is missing, empty (which is the same), or no UTF-8.
    public subscript(name: String) -> String? {
        guard let value = fields[Array(name.utf8)], !value.isEmpty else { return nil }
        return String(validating: value, as: UTF8.self)
    }

    private static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        PercentEncoding.decode(text.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }[...])
    }
}
