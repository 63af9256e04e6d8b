import Sessions
import SessionTesting
import Testing

@testable import SessionsHAProxy

@Suite("Answers of HAProxy's runtime API")
struct AnswerTests {
    @Test("Every answer is read the same whole and byte by byte, and one that is cut short is never taken for whole")
    func cutting() throws {
        for (name, bytes, read) in Answers.all {
            _ = try read(bytes)
            for length in 0..<bytes.count {
                #expect(throws: (any Error).self, "\(name) cut at \(length)") { try read(Array(bytes[..<length])) }
            }
            #expect(throws: RuntimeFault.malformed, "\(name), and another one behind it") { try read(bytes + bytes) }
        }
    }

    @Test("Lines come out the same however the bytes are cut")
    func splitting() throws {
        func events(_ pieces: [[UInt8]]) throws -> [AnswerSplitter.Event] {
            var splitter = AnswerSplitter()
            var events: [AnswerSplitter.Event] = []
            for piece in pieces { try splitter.take(piece[...]) { events.append($0) } }
            #expect(splitter.isComplete)
            return events
        }
        for (_, bytes, _) in Answers.all {
            let whole = try events([bytes])
            #expect(whole.last == .end)
            #expect(try events(bytes.map { [$0] }) == whole)
            for cut in stride(from: 1, to: bytes.count, by: 7) {
                #expect(try events([Array(bytes[..<cut]), Array(bytes[cut...])]) == whole)
            }
        }
    }

    @Test("The tables are told with kind, size and use")
    func tables() throws {
        let tables = try TableListReader.read(Array(Answers.tables.utf8), with: TableListReader())
        #expect(tables.map(\.name) == ["v6", "other", "bin", "shop"])
        #expect(tables.map(\.kind) == [.ipv6, .ip, .binary, .string])
        #expect(tables.last?.size == 1024 && tables.last?.used == 3)
        let odd = TableHeader(Array("# table: a, type: b, type: ternary, size:1, used:0, more:2".utf8)[...])
        #expect(odd?.name == "a, type: b" && odd?.kind == .other && odd?.size == 1)
        #expect(try TableListReader.read([10], with: TableListReader()) == [], "a balancer without tables")
    }

    @Test("A table's entries are told with their keys unescaped, and their servers")
    func entries() throws {
        let dump = try TableReader.read(Array(Answers.table.utf8), with: TableReader(wantsCounting: false))
        #expect(
            dump.entries.map { dump.key($0) } == [
                Array("a b".utf8), Array("a\\b=é\t\u{1b}".utf8), Array("%20x".utf8),
            ])
        #expect(dump.entries.map(\.serverNumber) == [3, 1, 0])
        #expect(dump.entries.map { $0.serverName.map { dump.serverNames[Int($0)] } } == ["web-03", "web-01", nil])
        #expect(dump.entries.map(\.remaining) == [1_799_832, 1_799_909, 17])
        #expect(dump.entries[0].id == IDHash(hashing: Array("a b".utf8)))
        #expect(dump.keepsServers)
    }

    @Test("A key of 32 bytes is a digest already, and a native id is known by the hash that its store knows")
    func identities() throws {
        let dump = try TableReader.read(Array(Answers.binary.utf8), with: TableReader(wantsCounting: false))
        let digest = dump.key(dump.entries[0])
        #expect(dump.entries[0].id == IDHash(digest: digest))
        #expect(dump.entries[1].id == IDHash(hashing: [10]))
        let id = SessionID()
        #expect(IDHash(stickKey: Array(id.secretText.utf8), of: .string) == id.hash)
        #expect(IDHash(stickKey: Array("\(id.secretText)=".utf8), of: .string) != id.hash)
    }

    @Test("A table that keeps no servers is not read to its end unless that was asked for")
    func counting() throws {
        var reader = TableReader(wantsCounting: false)
        for line in Answers.counting.split(separator: "\n").map({ Array($0.utf8) }) { try reader.take(line[...]) }
        #expect(reader.hasEnough)
        #expect(try reader.finish().keepsServers == false)
        let all = try TableReader.read(Array(Answers.counting.utf8), with: TableReader(wantsCounting: true))
        #expect(all.entries.count == 1)
    }

    @Test("One entry is told with all its counts; a key that isn't there is told by nothing at all")
    func entry() throws {
        let line = Array("0x1: key=a\\ b use=1 exp=5 shard=2 server_id=3 gpc(0)=4 http_req_rate(10000)=6 x=y".utf8)
        let entry = try #require(try StickEntry(line[...], kind: .string))
        #expect(entry.key == Array("a b".utf8) && entry.use == 1 && entry.remaining == .milliseconds(5))
        #expect(entry.serverNumber == 3 && entry.serverName == nil && entry.hasServer)
        #expect(entry.data.map(\.name) == ["shard", "gpc(0)", "http_req_rate(10000)"])
        #expect(entry.data.map(\.value) == [2, 4, 6])
        #expect(try EntryReader.read([10], with: EntryReader()) == nil)
        let counting = try EntryReader.read(Array(Answers.counting.utf8), with: EntryReader())
        #expect(counting?.key == Array("127.0.0.1".utf8) && counting?.hasServer == false)
    }

    @Test("Servers are told with their state: drained, in maintenance, running")
    func servers() throws {
        let servers = try ColumnedReader.read(Array(Answers.servers.utf8), with: ServerState.reader())
        #expect(servers.map(\.name) == ["web-01", "web-02", "web-03"])
        #expect(servers.map(\.isDraining) == [true, false, false])
        #expect(servers.map(\.isInMaintenance) == [false, true, false])
        #expect(servers.map(\.isRunning) == [true, false, true])
        #expect(servers.map(\.address) == ["127.0.0.1:21081", "[::1]:21082", "web-03.example:21083"])
        #expect(servers.map(\.weight) == [20, 1, 50])
        #expect(servers.map(\.since) == [.seconds(12), .zero, .seconds(28)])
    }

    @Test("Statistics are told of servers alone, quoted fields and all")
    func statistics() throws {
        let figures = try ColumnedReader.read(Array(Answers.statistics.utf8), with: ServerFigures.reader())
        let server = try #require(figures.first)
        #expect(figures.count == 1 && server.backend == "shop" && server.name == "web-01")
        #expect(server.status == "UP 1/3" && server.current == 3 && server.most == 4 && server.queued == 1)
        #expect(server.total == 50 && server.rate == 9 && server.errors == 18 && server.failedChecks == 8)
        #expect(server.lastCheck == "Layer7 \"check\", passed" && server.answerTime == 12)
    }

    @Test("A quoted field may hold commas, quotation marks and lines' ends")
    func quoting() throws {
        func fields(_ text: String) throws -> [String]? {
            try CommaSeparated.fields(Array(text.utf8)[...])?.map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(try fields("") == [""])
        #expect(try fields(",") == ["", ""])
        #expect(try fields("a,\"b,\"\"c\"\"\",\"\",d") == ["a", "b,\"c\"", "", "d"])
        #expect(try fields("a,\"b") == nil)
        #expect(try fields("a,\"b\"\"") == nil)
        #expect(throws: RuntimeFault.malformed) { try fields("\"a\"b") }
        let text = "# pxname,svname,type,last_chk\nb,s,2,\"two\nlines, one record\"\nb,t,2,x\n\n"
        let figures = try ColumnedReader.read(Array(text.utf8), with: ServerFigures.reader())
        #expect(figures.map(\.lastCheck) == ["twolines, one record", "x"])
    }

    @Test("The process, its peers and its sockets are told")
    func process() throws {
        let facts = try ProcessReader.read(Array(Answers.information.utf8), with: ProcessReader())
        #expect(
            facts
                == ProcessFacts(
                    version: "2.6.12-1+deb12u4", uptime: .seconds(4), process: 8031, isStopping: false))
        let peers = try PeerReader.read(Array(Answers.peers.utf8), with: PeerReader())
        #expect(peers == PeerFacts(tables: ["shop"], others: [.init(name: "other", status: "ESTA")]))
        #expect(try PeerReader.read([10], with: PeerReader()) == PeerFacts())
        let sockets = try ColumnedReader.read(Array(Answers.sockets.utf8), with: RuntimeSocket.reader())
        #expect(sockets.map(\.path) == ["/run/haproxy/admin.sock", nil, nil])
        #expect(sockets.map(\.isOpenToOthers) == [false, false, true])
    }

    @Test("What HAProxy refuses is told in its words, and what isn't HAProxy is told as that")
    func refusals() {
        let refusals = ["No such table\n\n", "Permission denied\n\n", "Unknown command: 'show'\n\n"]
        for text in refusals {
            let bytes = Array(text.utf8)
            let words = String(text.dropLast(2))
            #expect(throws: RuntimeFault.refused(words)) { try EntryReader.read(bytes, with: EntryReader()) }
            #expect(throws: RuntimeFault.refused(words)) {
                try TableReader.read(bytes, with: TableReader(wantsCounting: true))
            }
            #expect(throws: RuntimeFault.refused(words)) { try ColumnedReader.read(bytes, with: ServerState.reader()) }
        }
        let header = "# table: shop, type: string, size:1024, used:10\n"
        #expect(throws: RuntimeFault.refused("contents not dumped due to insufficient privileges")) {
            let bytes = Array("\(header)# contents not dumped due to insufficient privileges\n\n".utf8)
            return try TableReader.read(bytes, with: TableReader(wantsCounting: true))
        }
        for line in ["hello", "0x1: nokey", "0x1: key=a exp=x", "0x1: key=\\q exp=1", "0x1: key=a =1", "0x1: key=\\x4"]
        {
            #expect(throws: RuntimeFault.malformed, "\(line)") {
                try TableReader.read(Array("\(header)\(line)\n\n".utf8), with: TableReader(wantsCounting: true))
            }
        }
    }

    @Test("Answers larger than the limits are refused at once")
    func limits() throws {
        let small = RuntimeLimits(line: 100, answer: 1_000, records: 2, keys: 4, fields: 3)
        let endless = Array(repeating: UInt8(ascii: "a"), count: 101)
        #expect(throws: RuntimeFault.tooLarge) { try WordsReader.read(endless, limits: small, with: WordsReader()) }
        let long = Array(String(repeating: "abc\n", count: 300).utf8)
        #expect(throws: RuntimeFault.tooLarge) { try ProcessReader.read(long, limits: small, with: ProcessReader()) }
        let table = TableReader(wantsCounting: true, limits: small)
        #expect(throws: RuntimeFault.tooLarge) { try TableReader.read(Array(Answers.table.utf8), with: table) }
        let servers = ServerState.reader(small)
        #expect(throws: RuntimeFault.tooLarge) { try ColumnedReader.read(Array(Answers.servers.utf8), with: servers) }
    }

    @Test("Whatever is changed in an answer, it is read or refused, and never traps")
    func mutations() {
        var chance = SeededGenerator(seed: 5)
        let bytes = Array(" \n\\,\"=:#x0\u{7f}".utf8) + [0, 0xff, 0x80]
        for (_, answer, read) in Answers.all {
            for _ in 0..<3_000 {
                var mutant = answer
                for _ in 0..<Int.random(in: 1...4, using: &chance) where !mutant.isEmpty {
                    let place = Int.random(in: mutant.indices, using: &chance)
                    switch Int.random(in: 0..<5, using: &chance) {
                    case 0: mutant[place] = chance.pick(bytes)
                    case 1: mutant.remove(at: place)
                    case 2: mutant.insert(chance.pick(bytes), at: place)
                    case 3: mutant[place] = UInt8.random(in: 0...255, using: &chance)
                    default:
                        let end = Int.random(in: place...mutant.endIndex, using: &chance)
                        mutant.replaceSubrange(place..<end, with: [])
                    }
                }
                _ = try? read(mutant)
            }
        }
    }
}
