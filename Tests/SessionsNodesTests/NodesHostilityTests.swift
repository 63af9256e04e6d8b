import SessionTesting
import Sessions
import SessionsNodes
import SessionsTransport
import Testing

@Suite("A node that has been taken over, or is none")
struct NodesHostilityTests {
    private func open(
        _ pieces: [[UInt8]], closes: Bool = true, within limit: Duration = .seconds(2)
    ) async throws -> SessionsError? {
        let server = try await RawServer.start(pieces, closes: closes)
        var configuration = NodesConfiguration(addresses: [server.address])
        configuration.answerLimit = limit
        let error = await #expect(throws: SessionsError.self) { try await NodesDirectory.open(configuration) }
        await server.stop()
        return error
    }

    private static func answer(_ body: String, status: String = "200 OK") -> [UInt8] {
        Array("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
    }

    @Test(
        "Whatever it answers is an error in words",
        arguments: [
            "", "null", "[]", "{}", "{\"node\":1}", "<html></html>", "{\"node\":{\"id\":\"x\"}}", "\u{0}",
        ])
    func malformed(body: String) async throws {
        let error = try await open([Self.answer(body)])
        #expect(error?.message.isEmpty == false)
    }

    @Test("What is no HTTP, is cut short, or never comes, is an error, too")
    func notHTTP() async throws {
        let whole = Self.answer("{}")
        let pieces: [[UInt8]] = [
            [], Array("SSH-2.0-OpenSSH_9.2\r\n".utf8), Array(whole.prefix(20)), Array(whole.dropLast()),
            Array("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n".utf8),
            Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".utf8),
        ]
        for piece in pieces { #expect(try await open([piece]) != nil) }
        let error = try await open([Array(whole.prefix(20))], closes: false)
        #expect(error?.message.contains("did not answer in time") == true)
    }

    @Test("An answer without an end is not read to its end")
    func endless() async throws {
        let head = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
        let chunk = Array("100000\r\n".utf8) + Array(repeating: UInt8(ascii: "x"), count: 0x100000) + Array("\r\n".utf8)
        // It goes on until the other side has had enough: a server that closed might drop what wasn't sent yet.
        let error = try await open([head] + Array(repeating: chunk, count: 20), closes: false, within: .seconds(30))
        #expect(error?.message.contains("more than is ever read") == true)
    }

    @Test("What it says went wrong can't act on a terminal, nor fill it")
    func errorText() async throws {
        let body = #"{"error":{"code":"\u001b[2Jx","message":"\u001b[31m\#(String(repeating: "y", count: 5000))"}}"#
        let error = try await open([Self.answer(body, status: "403 Forbidden")])
        #expect(error?.message.contains("\u{1B}") == false)
        #expect((error?.message.utf8.count ?? 0) < 700)
        #expect(error?.code.description.contains("[") == false)
    }

    @Test("A peer that answers a hand-over in a word of a later version may have the session: it isn't served on")
    func unknownAdoption() async throws {
        let body = #"{"answers":["adoptedLater"]}"#
        let peer = try await RawServer.start([Self.answer(body, status: "200 OK\r\nConnection: close")])
        let peers = try NodePeers(["b": peer.address], NodesConfiguration(addresses: []))
        let store = MemoryStore(namespace: "test")
        let sealer = PayloadSealer(keys: try KeyRing(newKey: "k1"), namespace: "test")
        let sticky = StickyNode(ServiceNode(id: "a", store: store, policy: .sticky(), sealer: sealer), store: store)
        let made = try await sticky.node.begin(user: "u")
        let report = try await sticky.drain(DrainPlan(limit: .zero, peers: ["b"]), peers.transfer)
        await peer.stop()
        #expect(report.unanswered == 1 && report.left == 0)
        if case .live = await sticky.node.load(made.id) { #expect(Bool(false), "two nodes may serve it now") }
    }

    @Test(
        "URLs that can't be used are refused in words without secrets",
        arguments: [
            "http://10.0.0.1:9180", "https://", "https://a:0", "https://a:x", "https://user:secret@a", "https://a/path",
            "https://a,redis://b", "https://a,https://a", "https://a?verify=maybe", "https://a?what=1",
            "http://localhost.evil",
            "https://[::1]x", "https://a b",
        ])
    func badURLs(url: String) {
        let error = #expect(throws: SessionsError.self) { try NodesConfiguration(url: url) }
        #expect(error?.code == .usage)
        #expect(error?.message.contains("secret") == false)
    }

    @Test("URLs name nodes, ports and what TLS needs")
    func goodURLs() throws {
        let url = "https://web-01:9180,https://[2001:db8::1]/,https://web-03?cacert=/ca.pem&verify=ca"
        let configuration = try NodesConfiguration(url: url)
        #expect(
            configuration.addresses.map { "\($0)" } == [
                "https://web-01:9180", "https://[2001:db8::1]:443", "https://web-03:443",
            ])
        #expect(configuration.tls.authorityFile == "/ca.pem" && configuration.tls.verification == .chain)
        #expect(try NodesConfiguration(url: "http://127.0.0.1:1,http://localhost,http://[::1]:2").addresses.count == 3)
    }
}
