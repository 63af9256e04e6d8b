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
    ///   - values: those of the request's `Cookie` fields.
    init(_ name: String, in values: [String]) {
        self = .none
        var (name, total) = (name, 0)
        name.withUTF8 { name in
            for var value in values {
                total += value.utf8.count
                guard total <= Self.longestFields else {
                    self = .oversized
                    return
                }
                value.withUTF8 { search($0, for: name) }
                if self == .several || self == .oversized { return }
            }
        }
    }

    private mutating func search(_ value: UnsafeBufferPointer<UInt8>, for name: UnsafeBufferPointer<UInt8>) {
        var start = 0
        while start < value.count, self != .several, self != .oversized {
            let end = value[start...].firstIndex(of: UInt8(ascii: ";")) ?? value.count
            take(UnsafeBufferPointer(rebasing: value[start..<end]), name)
            start = end + 1
        }
    }

    private mutating func take(_ pair: UnsafeBufferPointer<UInt8>, _ name: UnsafeBufferPointer<UInt8>) {
        var start = 0
        while start < pair.count, pair[start] == UInt8(ascii: " ") || pair[start] == UInt8(ascii: "\t") { start += 1 }
        let equals = start + name.count
        guard equals < pair.count, pair[equals] == UInt8(ascii: "="), pair[start..<equals].elementsEqual(name) else {
            return
        }
        let value = pair[(equals + 1)...]
        if self != .none {
            self = .several
        } else if value.count > Self.longestValue {
            self = .oversized
        } else {
            self = .one(String(decoding: value, as: UTF8.self))
        }
    }
}
