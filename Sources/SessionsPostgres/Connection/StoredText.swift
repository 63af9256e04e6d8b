/// Texts as PostgreSQL can hold them.
///
/// Its `text` holds every character but U+0000, which a stranger may well put into a user agent. It is written as the
/// noncharacter U+FFFF and a `0`, U+FFFF itself as U+FFFF and a `1`: different texts stay different, and whatever has
/// neither character, which is every name that people use, stands in the table as it is.
enum StoredText {
    private static let mark: [UInt8] = [0xef, 0xbf, 0xbf]

    /// Appends the bytes that the table holds.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        var text = text
        text.withUTF8 { utf8 in
            guard utf8.contains(where: { $0 == 0 || $0 == mark[0] }) else { return bytes.append(contentsOf: utf8) }
            var index = 0
            while index < utf8.count {
                if utf8[index] == 0 {
                    bytes.append(contentsOf: mark + [UInt8(ascii: "0")])
                } else if isMark(UnsafeRawBufferPointer(utf8), at: index) {
                    bytes.append(contentsOf: mark + [UInt8(ascii: "1")])
                    index += 2
                } else {
                    bytes.append(utf8[index])
                }
                index += 1
            }
        }
    }

    /// Reads what ``append(_:to:)`` wrote; what it can't have written is taken as it is.
    static func decode(_ bytes: UnsafeRawBufferPointer) -> String {
        guard bytes.contains(mark[0]) else { return String(decoding: bytes, as: UTF8.self) }
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let isEscape = isMark(bytes, at: index) && index + 3 < bytes.count
            switch isEscape ? bytes[index + 3] : nil {
            case UInt8(ascii: "0"):
                plain.append(0)
                index += 4
            case UInt8(ascii: "1"):
                plain.append(contentsOf: mark)
                index += 4
            default:
                plain.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: plain, as: UTF8.self)
    }

    private static func isMark(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Bool {
        index + 2 < bytes.count && bytes[index] == mark[0] && bytes[index + 1] == mark[1] && bytes[index + 2] == mark[2]
    }
}
