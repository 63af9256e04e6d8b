import Sessions
import SessionTesting
import Testing

@testable import SessionsHAProxy

@Suite("Commands of HAProxy's runtime API")
struct CommandTests {
    @Test("Each command is one line")
    func lines() throws {
        let commands: [(RuntimeCommand, String)] = [
            (.showTables, "show table"), (.showTable("shop"), "show table shop"),
            (.showEntry(table: "peers/a", key: Array("k".utf8)), "show table peers/a key k"),
            (.clearEntry(table: "shop", key: Array("a b".utf8)), "clear table shop key a\\ b"),
            (.showServers, "show servers state"), (.showStatistics, "show stat"), (.showInformation, "show info"),
            (.showPeers, "show peers"), (.showLevel, "show cli level"), (.showSockets, "show cli sockets"),
            (.setState(backend: "b", server: "s", .maintenance), "set server b/s state maint"),
            (.setState(backend: "b", server: "s", .drain), "set server b/s state drain"),
            (.setState(backend: "b", server: "s", .ready), "set server b/s state ready"),
        ]
        for (command, line) in commands {
            #expect(String(decoding: try command.encoded(), as: UTF8.self) == line + "\n")
            #expect(command.isChange == (line.hasPrefix("clear") || line.hasPrefix("set")))
        }
    }

    @Test("Any key stays one word of one command, as HAProxy takes a line apart")
    func keys() throws {
        var chance = SeededGenerator(seed: 11)
        let nasty = Array(" \t;\\<<#\"'=\u{1b}aé".utf8) + [0x7f, 0xff, 1]
        for _ in 0..<20_000 {
            let key = (0..<Int.random(in: 1...12, using: &chance)).map { _ in chance.pick(nasty) }
            let line = try RuntimeCommand.clearEntry(table: "shop", key: key).encoded()
            #expect(Self.taken(apart: line) == ["clear", "table", "shop", "key"].map { Array($0.utf8) } + [key])
        }
    }

    @Test("A key that can't be written is refused, and nothing is sent for it")
    func unwritable() {
        for key in ["", "a\nb", "a\r", "\0", "\n", "a\nclear table shop"].map({ Array($0.utf8) }) {
            for command in [RuntimeCommand.showEntry(table: "t", key: key), .clearEntry(table: "t", key: key)] {
                #expect(throws: SessionsError.self) { try command.encoded() }
            }
        }
        let long = Array(repeating: UInt8(ascii: " "), count: 8_000)
        #expect(throws: SessionsError.self) { try RuntimeCommand.clearEntry(table: "t", key: long).encoded() }
        #expect(throws: SessionsError.self) { try RuntimeCommand.showTable("a\nshow info").encoded() }
    }

    /// Takes a line apart as HAProxy 2.6 does (`cli_parse_request`): commands by semicolons, words by blanks, a payload
    /// behind `<<` at the end; a backslash takes the meaning from whatever follows it.
    private static func taken(apart line: [UInt8]) -> [[UInt8]]? {
        guard line.last == 10, !line.dropLast().contains(10), !line.contains(13), !line.contains(0) else { return nil }
        var words: [[UInt8]] = []
        var word: [UInt8]?
        var rest = line.dropLast()
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: ";"): return nil
            case UInt8(ascii: " "), 9:
                if let word { words.append(word) }
                word = nil
            case UInt8(ascii: "<") where word == nil && rest.first == byte: return nil
            case UInt8(ascii: "\\"):
                guard let next = rest.popFirst() else { return nil }
                word = (word ?? []) + [next]
            default: word = (word ?? []) + [byte]
            }
        }
        return words + (word.map { [$0] } ?? [])
    }
}
