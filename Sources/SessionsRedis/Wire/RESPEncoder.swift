internal import NIOCore

/// Writes commands: an array of strings is the same in RESP2 and RESP3.
enum RESPEncoder {
    /// The most that the head of an array or a string takes: a sign, 19 digits, the end of the line.
    private static let headLimit = 22

    /// Writes one command.
    static func write(_ words: [[UInt8]], to buffer: inout ByteBuffer) {
        let room = words.reduce(headLimit) { $0 + headLimit + $1.count + 2 }
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { target in
            var end = 0
            writeHead(UInt8(ascii: "*"), words.count, to: target, at: &end)
            for word in words {
                writeHead(UInt8(ascii: "$"), word.count, to: target, at: &end)
                word.withUnsafeBytes { target[end...].copyBytes(from: $0) }
                end += word.count
                writeLineEnd(to: target, at: &end)
            }
            return end
        }
    }

    private static func writeHead(
        _ type: UInt8, _ count: Int, to target: UnsafeMutableRawBufferPointer, at end: inout Int
    ) {
        target[end] = type
        var digits = 1
        var rest = count / 10
        while rest > 0 {
            digits += 1
            rest /= 10
        }
        rest = count
        for index in stride(from: end + digits, to: end, by: -1) {
            target[index] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
        end += 1 + digits
        writeLineEnd(to: target, at: &end)
    }

    private static func writeLineEnd(to target: UnsafeMutableRawBufferPointer, at end: inout Int) {
        target[end] = UInt8(ascii: "\r")
        target[end + 1] = UInt8(ascii: "\n")
        end += 2
    }
}
