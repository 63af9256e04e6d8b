import NIOCore
import Testing

@testable import SessionsRedis

@Suite("RESP encoder")
struct RESPEncoderTests {
    @Test("A command is an array of strings with their lengths")
    func words() {
        var buffer = ByteBuffer()
        RESPEncoder.write(RedisCommand.words(["SET", "", "ü\r\n"]), to: &buffer)
        #expect(String(buffer: buffer) == "*3\r\n$3\r\nSET\r\n$0\r\n\r\n$4\r\nü\r\n\r\n")
    }

    @Test(
        "Lengths of every number of digits, several commands in a row",
        arguments: [0, 9, 10, 99, 100, 12_345, 1_000_000])
    func lengths(length: Int) throws {
        let word = [UInt8](repeating: 7, count: length)
        var buffer = ByteBuffer()
        for _ in 0..<3 { RESPEncoder.write([word, word], to: &buffer) }
        var decoder = RESPDecoder()
        decoder.append(buffer)
        for _ in 0..<3 { #expect(try decoder.next() == .reply(.array([.bytes(word), .bytes(word)]))) }
        #expect(try decoder.next() == nil)
    }
}
