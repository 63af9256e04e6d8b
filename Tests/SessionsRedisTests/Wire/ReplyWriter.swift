import SessionTesting

@testable import SessionsRedis

/// Writes replies as servers do, for the decoder to read.
enum ReplyWriter {
    static func bytes(of value: RESPValue) -> [UInt8] {
        switch value {
        case .null: Array("_\r\n".utf8)
        case .boolean(let value): Array("#\(value ? "t" : "f")\r\n".utf8)
        case .integer(let value): Array(":\(value)\r\n".utf8)
        case .double(let value): Array(",\(value)\r\n".utf8)
        case .bigNumber(let digits): Array("(".utf8) + digits + end
        case .bytes(let bytes): Array("$\(bytes.count)\r\n".utf8) + bytes + end
        case .error(let error): Array("-\(error.kind) \(error.message)\r\n".utf8)
        case .array(let values): Array("*\(values.count)\r\n".utf8) + values.flatMap(bytes)
        case .map(let pairs): Array("%\(pairs.count)\r\n".utf8) + pairs.flatMap { bytes(of: $0.0) + bytes(of: $0.1) }
        }
    }

    private static let end = Array("\r\n".utf8)
}

/// Makes replies up by chance.
struct RandomReplies {
    var generator: SeededGenerator

    mutating func value(depth: Int = 4) -> RESPValue {
        switch Int.random(in: 0..<(depth > 0 ? 9 : 7), using: &generator) {
        case 0: .null
        case 1: .boolean(generator.once(in: 2))
        case 2: .integer(Int64(bitPattern: generator.next()))
        case 3: .double(Double.random(in: -1e9...1e9, using: &generator))
        case 4: .bigNumber(Array("-3492890328409238509324850943850943825024385".utf8))
        case 5:
            .bytes(
                (0..<Int.random(in: 0..<40, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator)
                })
        case 6: .error(RedisError(kind: "WRONGTYPE", message: "Operation against a key"))
        case 7: .array((0..<Int.random(in: 0..<5, using: &generator)).map { _ in value(depth: depth - 1) })
        default:
            .map(
                (0..<Int.random(in: 0..<4, using: &generator)).map { _ in
                    (value(depth: depth - 1), value(depth: depth - 1))
                })
        }
    }
}
