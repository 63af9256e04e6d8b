/// What the id part of a key looks like: how long, and of which characters.
public struct IDShape: Sendable, Equatable {
    /// The characters of an id.
    public enum Alphabet: Sendable, Equatable {
        /// `a` to `z` and digits.
        case lowerAlphanumeric
        /// Letters and digits.
        case alphanumeric
        /// `0` to `9`, `a` to `f`.
        case hexadecimal
        /// `A` to `Z`, `2` to `7`.
        case base32
        /// Letters, digits, `-` and `_`.
        case base64URL
        /// Letters, digits, `+`, `/` and `=`.
        case base64
        /// Letters, digits, `-` and `,`: PHP's.
        case php
        /// `0` to `9`, `a` to `f`, and `-`.
        case uuid

        func contains(_ byte: UInt8) -> Bool {
            let isLower = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            let isUpper = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            switch self {
            case .lowerAlphanumeric: return isLower || isDigit
            case .alphanumeric: return isLower || isUpper || isDigit
            case .hexadecimal: return isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
            case .base32: return isUpper || (UInt8(ascii: "2")...UInt8(ascii: "7")).contains(byte)
            case .base64URL: return isLower || isUpper || isDigit || byte == 0x2D || byte == 0x5F
            case .base64: return isLower || isUpper || isDigit || byte == 0x2B || byte == 0x2F || byte == 0x3D
            case .uuid: return Self.hexadecimal.contains(byte) || byte == UInt8(ascii: "-")
            case .php: return isLower || isUpper || isDigit || byte == 0x2D || byte == 0x2C
            }
        }
    }

    /// What stands before the characters, and belongs to the id.
    public let lead: String
    /// How many characters there are.
    public let count: ClosedRange<Int>
    /// Which.
    public let alphabet: Alphabet

    init(lead: String = "", _ count: ClosedRange<Int>, _ alphabet: Alphabet) {
        self.lead = lead
        self.count = count
        self.alphabet = alphabet
    }

    /// Rack's private id: the SHA-256 of what the cookie has.
    static let rackPrivate = IDShape(lead: "2::", 64...64, .hexadecimal)

    /// A UUID in small letters.
    static let uuid = IDShape(36...36, .uuid)

    /// The length of all ids, where they have only one.
    var length: Int? { count.lowerBound == count.upperBound ? lead.utf8.count + count.lowerBound : nil }

    /// How long ids are, for people.
    var words: String {
        let (least, most) = (lead.utf8.count + count.lowerBound, lead.utf8.count + count.upperBound)
        return least == most ? "\(least) characters" : "\(least) to \(most) characters"
    }

    /// Whether some bytes are an id.
    public func matches(_ id: ArraySlice<UInt8>) -> Bool {
        guard id.starts(with: lead.utf8) else { return false }
        let rest = id.dropFirst(lead.utf8.count)
        return count.contains(rest.count) && rest.allSatisfy(alphabet.contains)
    }
}
