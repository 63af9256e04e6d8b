internal import HTTPTypes

/// What a request has under the name of one cookie of ours.
enum FoundCookie: Sendable, Equatable {
    /// Nothing.
    case none
    /// One; the value, as it stands there.
    case one(String)
    /// More than one: whoever planted the second may have meant either to be taken.
    case several
    /// More than any request of a client needs: nothing was looked at further.
    case oversized

    /// All cookies of a request together are never longer, in bytes.
    static let longestFields = 16 * 1024
    /// No value of ours is longer, in bytes.
    static let longestValue = 512

    /// Looks for a cookie.
    ///
    /// - Parameters:
    ///   - name: its name, compared byte by byte.
    ///   - fields: the request's.
    init(_ name: String, in fields: HTTPFields) {
        self = .none
        var total = 0
        for field in fields[values: .cookie] {
            total += field.utf8.count
            guard total <= Self.longestFields else {
                self = .oversized
                return
            }
            for pair in field.utf8.split(separator: UInt8(ascii: ";")) {
                take(pair, name.utf8)
                if self == .several || self == .oversized { return }
            }
        }
    }

    private mutating func take(_ pair: Substring.UTF8View, _ name: String.UTF8View) {
        let pair = pair.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        guard pair.starts(with: name) else { return }
        let rest = pair.dropFirst(name.count)
        guard rest.first == UInt8(ascii: "=") else { return }
        let value = rest.dropFirst()
        if self != .none {
            self = .several
        } else if value.count > Self.longestValue {
            self = .oversized
        } else {
            self = .one(String(Substring(value)))
        }
    }
}
