import Testing

@testable import SessionsRedis

@Suite("Errors of a server")
struct RedisErrorTests {
    @Test(
        "What a server repeats of a command is not shown",
        arguments: [
            "ERR unknown command `HELLO`, with args beginning with: `3` `AUTH` `default` `sesame` ",
            "ERR unknown command 'HELLO', with args beginning with: '3' 'AUTH' 'default' 'sesame' ",
            "NOPERM No permissions to access the 'sesame' key", "ERR odd 'a' and `sesame", "ERR 'it is sesame",
        ])
    func secrets(line: String) {
        let error = RedisError(line: Array(line.utf8))
        #expect(!"\(error)".contains("sesame"))
        #expect("\(error)".hasPrefix("Redis says: \(line.prefix { $0 != " " })"))
    }

    @Test("The rest of a server's words is shown")
    func words() {
        let line = "WRONGTYPE Operation against a key holding the wrong kind of value"
        #expect("\(RedisError(line: Array(line.utf8)))" == "Redis says: \(line)")
        #expect("\(RedisError(line: Array("LOADING".utf8)))" == "Redis says: LOADING")
    }
}
