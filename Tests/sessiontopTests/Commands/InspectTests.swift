import Foundation
import SessionTokens
import Sessions
import Testing

@testable import sessiontop

@Suite("inspect")
struct InspectTests {
    let shop: CommandShop

    init() throws { shop = try CommandShop() }

    private static let state =
        #"{"cart":[{"sku":"A1","price":10.50}],"csrfToken":"c5","card":{"number":"4111"},"theme":null}"#

    @Test("A session is shown with its payload, where it lies, and secrets masked")
    func masked() async throws {
        let id = try await shop.signIn("alice", payload: Payload(bytes: Array(Self.state.utf8)))
        let result = await shop.run("inspect", "URL", String("\(id.handle)".prefix(6)))
        #expect(result.status == 0 && result.lines.count == 1)
        let line = try #require(JSONValue(parsing: Array(result.lines[0].utf8)))
        #expect(line["handle"] == .string("\(id.handle)") && line["layout"] == "native")
        #expect(
            line["data"]?.description
                == #"{"cart":[{"sku":"A1","price":10.50}],"csrfToken":"***","card":"***","theme":null}"#)
        guard case .object(let places)? = line["store"] else { throw Missing() }
        #expect(!places.isEmpty)
    }

    @Test("A reveal needs a reason, and stands on record with it")
    func reveal() async throws {
        let id = try await shop.signIn("alice", payload: Payload(bytes: Array(Self.state.utf8)))
        for arguments in [["--reveal"], ["--reveal", "--reason", " "], ["--reveal", "--reason", "x", "--read-only"]] {
            let refused = await shop.run(["inspect", "URL", "\(id.handle)"] + arguments)
            #expect(refused.status == 77 && refused.standardOutput.isEmpty)
        }
        #expect(try await shop.audit().isEmpty)
        let shown = await shop.run("inspect", "URL", "\(id.handle)", "--reveal", "--reason", "INC-7")
        let line = try #require(JSONValue(parsing: Array(shown.standardOutput.utf8)))
        #expect(line["data"]?.description == Self.state)
        let entry = try #require(try await shop.audit().first)
        #expect(entry.action == .reveal && entry.target == "s:\(id.handle)" && entry.reason == "INC-7")
    }

    @Test("A sealed payload is opened with the key at hand, else it is said to be sealed")
    func sealed() async throws {
        let keys = try KeyRing(newKey: "k1")
        let id = SessionID().hash
        let payload = try PayloadSealer(keys: keys, namespace: "default").seal(
            Array(Self.state.utf8), id: id, version: 1)
        try await shop.signIn("alice", id: id, payload: payload)
        let closed = await shop.run("inspect", "URL", "\(id.handle)")
        #expect(closed.objects.first?["data"] is NSNull && closed.status == 0)
        #expect(closed.notes.contains { $0.contains("sealed") })

        let elsewhere = shop.folder.appendingPathComponent("keys").path
        try keys.write(file: elsewhere)
        let named = await shop.run("inspect", "URL", "\(id.handle)", variables: ["SESSIONTOP_KEYS": elsewhere])
        #expect(named.objects.first?["data"] is [String: Any] && named.notes.isEmpty)

        try keys.write(file: shop.folder.appendingPathComponent("shop.db.keys").path)
        let beside = await shop.run("inspect", "URL", "\(id.handle)")
        #expect(beside.objects.first?["data"] is [String: Any])

        try KeyRing(newKey: "k2").write(file: shop.folder.appendingPathComponent("shop.db.keys").path)
        let other = await shop.run("inspect", "URL", "\(id.handle)")
        #expect(other.objects.first?["data"] is NSNull && other.notes.count == 1)
    }

    @Test("A refresh family is told as one: rotations, devices, parents, and the access tokens in circulation")
    func family() async throws {
        let keys = try KeyRing(newKey: "k1")
        let families = RefreshFamilies(
            store: shop.store, sealer: PayloadSealer(keys: keys, namespace: "default"), accessLife: .seconds(300),
            time: shop.time.source)
        let parent = try await shop.signIn("alice")
        let phone = RequestInfo(ip: "203.0.113.9", agent: "Phone/1")
        let issued = try await families.issue(user: "alice", client: "app", parent: parent, request: phone)
        shop.time.advance(by: .seconds(20))
        _ = try await families.refresh(issued.token.secretText, client: "app", request: RequestInfo(ip: "10.0.0.7"))
        try keys.write(file: shop.folder.appendingPathComponent("shop.db.keys").path)
        let result = await shop.run("inspect", "URL", "\(issued.family.id.handle)")
        let line = try #require(JSONValue(parsing: Array(result.standardOutput.utf8)))
        let family = try #require(line["refreshFamily"])
        #expect(family["rotations"] == .integer(1) && family["rotated"] == .time(shop.time.now))
        #expect(family["parents"] == [.string("\(parent.handle)")] && family["reuse"] == .null)
        let lastDies = TokenExposure.leeway + .seconds(300)
        #expect(
            family["accessTokens"] == ["living": .integer(2), "lastDies": .time(shop.time.now + lastDies)])
        guard case .array(let given)? = family["given"] else { throw Missing() }
        #expect(given.map { $0["ip"] } == ["10.0.0.7", "203.0.113.9"])
        #expect(!result.standardOutput.contains(issued.token.secretText))
        let plain = await shop.run("inspect", "URL", "\(parent.handle)")
        #expect(plain.objects.first?["refreshFamily"] == nil)
    }

    @Test("The claims that a family's access tokens get are told, masked until they are revealed")
    func claims() async throws {
        let keys = try KeyRing(newKey: "k1")
        let families = RefreshFamilies(
            store: shop.store, sealer: PayloadSealer(keys: keys, namespace: "default"), accessLife: .seconds(300),
            time: shop.time.source)
        let grant: JSONValue = [
            "audience": ["api"], "scope": ["read", "write"], "claims": ["roles": ["admin"], "password": "sesame"],
        ]
        let issued = try await families.issue(user: "alice", client: "app", data: grant)
        let bare = try await families.issue(user: "alice", client: "app")
        try keys.write(file: shop.folder.appendingPathComponent("shop.db.keys").path)
        let handle = "\(issued.family.id.handle)"
        let masked = await shop.run("inspect", "URL", handle)
        let line = try #require(JSONValue(parsing: Array(masked.standardOutput.utf8)))
        #expect(
            line["claims"]?.description
                == #"{"sub":"alice","aud":["api"],"client_id":"app","scope":"read write","roles":["admin"],"password":"***"}"#
        )
        let shown = await shop.run("inspect", "URL", handle, "--reveal", "--reason", "INC-7")
        #expect(shown.standardOutput.contains(#""roles":["admin"],"password":"sesame"}"#))
        let none = await shop.run("inspect", "URL", "\(bare.family.id.handle)")
        #expect(none.status == 0 && none.objects.first?["claims"] == nil)
    }

    @Test("A payload that is no JSON is not shown, and said so")
    func opaque() async throws {
        let id = try await shop.signIn("alice", payload: Payload(bytes: [0xFF, 0x00, 0x1B]))
        let result = await shop.run("inspect", "URL", "\(id.handle)")
        #expect(result.objects.first?["data"] is NSNull && result.notes.contains { $0.contains("no JSON") })
    }

    @Test("A payload that this user may not read is said to be there")
    func unreadable() async throws {
        let id = try await shop.signIn("alice")
        let detail = try #require(
            try await BlindDirectory(inner: shop.store, capabilities: .all).detail(id))
        let reading = PayloadReading(detail, keys: nil)
        #expect(reading.data == .null && reading.note == "The payload is not shown: this user may not read it.")
        let empty = try await shop.signIn("bob", payload: .empty)
        let none = try #require(try await shop.store.detail(empty))
        #expect(PayloadReading(none, keys: nil).note == nil)
    }

    @Test("A handle of another form is unusable, one that no session has is not there, one of several is ambiguous")
    func handles() async throws {
        try await shop.signIn("a", id: IDHash.beginning("abcdef", end: 1))
        try await shop.signIn("b", id: IDHash.beginning("abcdef", end: 2))
        #expect(await shop.run("inspect", "URL", "abcde").status == 64)
        #expect(await shop.run("inspect", "URL", "abcdeg").status == 64)
        #expect(await shop.run("inspect", "URL", "abcdee").status == 1)
        let ambiguous = await shop.run("inspect", "URL", "abcdef")
        #expect(ambiguous.status == 64)
        // Their handles are the same: the whole hashes are named.
        #expect("\(try #require(ambiguous.error))".contains(String(repeating: "0", count: 57) + "2"))
    }

    @Test("A person gets names and values, with nothing in them that acts on the terminal")
    func table() async throws {
        let payload = Payload(bytes: Array(#"{"note":"\u001b[31mred","cart":[{"sku":"A1"}]}"#.utf8))
        let id = try await shop.signIn("alice", payload: payload)
        let result = await shop.run("inspect", "URL", "\(id.handle)", isTerminal: true)
        #expect(result.lines.contains { $0.hasPrefix("data.note") && $0.hasSuffix("␛[31mred") })
        #expect(result.lines.contains { $0.hasPrefix("data.cart[0].sku") && $0.hasSuffix("A1") })
        #expect(!result.standardOutput.unicodeScalars.contains("\u{1B}"))
    }

    private struct Missing: Error {}
}
