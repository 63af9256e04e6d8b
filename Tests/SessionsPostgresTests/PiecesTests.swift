import SessionTesting
import Sessions
import Testing

@testable import SessionsPostgres

@Suite struct PiecesTests {
    private func stored(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        StoredText.append(text, to: &bytes)
        return bytes
    }

    @Test("Every text comes back from the table as it was, different ones stay different, and none holds a zero")
    func texts() throws {
        var random = SeededGenerator(seed: 7)
        let pieces = ["", "a", "é", "\0", "0", "1", "\u{FFFF}", "\u{FFFE}", "\u{F000}", "\u{10FFFF}", "ï", "世"]
        var seen: [[UInt8]: String] = [:]
        for _ in 0..<5000 {
            let text = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }.joined()
            let bytes = stored(text)
            #expect(!bytes.contains(0))
            #expect(bytes.withUnsafeBytes { StoredText.decode($0) }.utf8.elementsEqual(text.utf8))
            if let other = seen[bytes] { #expect(other.utf8.elementsEqual(text.utf8)) }
            seen[bytes] = text
        }
        #expect(stored("zoë") == Array("zoë".utf8))
    }

    @Test("Whatever bytes the table holds can be read as a text")
    func strangeTexts() {
        var random = SeededGenerator(seed: 8)
        for _ in 0..<5000 {
            let bytes = (0..<Int.random(in: 0...9, using: &random)).map { _ in
                [0xef, 0xbf, 0xbf, 0x30, 0x31, 0x41, 0xff].randomElement(using: &random) ?? UInt8(0)
            }
            _ = bytes.withUnsafeBytes { StoredText.decode($0) }
        }
        #expect(([0xef, 0xbf, 0xbf] as [UInt8]).withUnsafeBytes { StoredText.decode($0) } == "\u{FFFF}")
    }

    @Test("An announced number is found again from its lowest bits, near the last number given out")
    func announcedNumbers() {
        let lasts: [Int64] = [1, 5, 1 << 30, (1 << 31) - 1, 1 << 31, (1 << 31) + 3, 1 << 40, (7 << 31) - 2, .max / 2]
        for last in lasts {
            for distance: Int64 in [-1000, -1, 0, 1, 1000] where last + distance >= 0 {
                let number = last + distance
                #expect(ChangeLog.number(announced: number & 0x7fff_ffff, last: last) == number)
            }
        }
        #expect(ChangeLog.number(announced: 5, last: .max) == .max)
    }

    @Test(
        "A URL is shown without its password, whatever form it has",
        arguments: [
            ("postgres://u:secret@h/d", "postgres://u@h/d"),
            ("postgresql://u:secret@a:1,b:2/d?sslmode=disable", "postgres://u@a:1,b:2/d"),
            ("postgres://u@h/d?password=secret", "postgres://u@h/d"),
            ("host=h user=u password=secret dbname=d", "postgres://u@h/d"),
            ("host=a,b port=7 user=u password=secret", "postgres://u@a:7,b:7/"),
            ("postgres://%2Fvar%2Frun:5433/d", "postgres://%2Fvar%2Frun:5433/d"),
            ("postgres://u:secret@[::1]:5/d", "postgres://u@[::1]:5/d"),
            ("postgres:///?service=s&passfile=/secret", "postgres:///?service=s"),
        ])
    func shownURLs(_ url: String, _ shown: String) throws {
        let settings = try ConnectionSettings(url: url, password: "secret", isReadOnly: false)
        #expect(settings.shown == shown)
        #expect(settings.servers.allSatisfy { $0.contains(Parameter(keyword: "password", value: "secret")) })
    }

    private func value(_ keyword: String, of url: String, server: Int = 0, isReadOnly: Bool = false) throws -> String? {
        let servers = try ConnectionSettings(url: url, password: nil, isReadOnly: isReadOnly).servers
        return try #require(servers.dropFirst(server).first).first { $0.keyword == keyword }?.value
    }

    @Test("Each host is tried by itself, and a writer looks for the one that takes writes")
    func hosts() throws {
        let url = "postgres://u@a:1,b:2/d"
        #expect(try value("host", of: url) == "a" && value("host", of: url, server: 1) == "b")
        #expect(try value("port", of: url, server: 1) == "2")
        #expect(try value("target_session_attrs", of: url) == "read-write")
        #expect(try value("target_session_attrs", of: url, isReadOnly: true) == nil)
        #expect(try value("target_session_attrs", of: "postgres://u@a/d") == nil)
        #expect(try value("target_session_attrs", of: "\(url)?target_session_attrs=any") == "any")
        #expect(try value("host", of: "\(url)?target_session_attrs=prefer-standby") == "a,b")
        #expect(try value("port", of: "host=a,b port=9", server: 1) == "9")
        #expect(try value("host", of: "host=a,b,c port=1,2") == "a,b,c")
    }

    @Test(
        "A value that libpq would refuse when it connects is refused at once",
        arguments: [
            "sslmode=nonsense", "target_session_attrs=writable", "channel_binding=yes", "gssencmode=on", "port=x",
            "port=0", "port=99999",
        ])
    func values(_ parameter: String) {
        let error = #expect(throws: SessionsError.self) {
            try ConnectionSettings(url: "postgres://u@h/d?\(parameter)", password: nil, isReadOnly: false)
        }
        let keyword = String(parameter.prefix { $0 != "=" })
        #expect(error?.code == .usage && error?.message.contains(keyword) == true)
    }

    @Test("The certificate is verified unless the address is this machine's, or the URL says otherwise")
    func encryption() throws {
        #expect(try value("sslmode", of: "postgres://u@db.example/d") == "verify-full")
        #expect(try value("sslmode", of: "postgres://u@127.0.0.1,db.example/d", server: 1) == "verify-full")
        #expect(try value("sslmode", of: "postgres://u@db.example/d?sslmode=require") == "require")
        for host in ["127.0.0.1", "localhost", "[::1]", "%2Ftmp"] {
            #expect(try value("sslmode", of: "postgres://u@\(host)/d") == nil)
        }
    }
}
