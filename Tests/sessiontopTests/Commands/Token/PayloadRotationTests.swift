import ArgumentParser
import Foundation
import Sessions
import Testing

@testable import sessiontop

@Suite("Sealing payloads again")
struct PayloadRotationTests {
    private let shop: CommandShop
    private let old, new: KeyRing
    private let state = Array(#"{"cart":[1]}"#.utf8)

    init() throws {
        shop = try CommandShop()
        old = try KeyRing(newKey: "k1")
        new = try old.rotated(to: "k2")
    }

    private func signIn(_ keys: KeyRing?) async throws -> IDHash {
        let id = SessionID().hash
        let sealed = try keys.map {
            try PayloadSealer(keys: $0, namespace: "default").seal(state, id: id, version: 1)
        }
        return try await shop.signIn("u", id: id, payload: sealed ?? Payload(bytes: state))
    }

    private func rotate(_ arguments: String...) async throws -> PayloadRotation {
        let environment = CommandEnvironment(
            variable: { ["SESSIONTOP_ACTOR": "mira@desk"][$0] }, time: shop.time.source, ask: nil)
        let options = try CommonOptions.parse(arguments)
        let open = try await OpenStore(shop.url, options, toChange: true, in: environment, note: { _ in })
        return try await PayloadRotation.run(on: open, in: environment)
    }

    @Test("What an older key has sealed is sealed with the newest, on record; what no key opens is told, and stays")
    func rotates() async throws {
        let ids = [try await signIn(old), try await signIn(new), try await signIn(nil)]
        let error = await #expect(throws: SessionsError.self) { try await rotate() }
        #expect(error?.code == .usage, "no key is here")
        try new.write(file: shop.folder.appendingPathComponent("shop.db.keys").path)
        #expect(try await rotate().counts == [.resealed: 1, .current: 1, .plain: 1])
        let newest = try KeyRing(text: new.secretText.prefix { $0 != "\n" })
        let sealer = PayloadSealer(keys: newest, namespace: "default")
        for id in ids.prefix(2) {
            let detail = try #require(try await shop.store.detail(id))
            let payload = try #require(detail.payload)
            #expect(try sealer.open(payload, id: id, version: detail.version ?? 0) == state)
        }
        #expect(try await shop.audit().map(\.action) == [.reseal])
        let other = try await signIn(try KeyRing(newKey: "k9"))
        let before = try #require(try await shop.store.detail(other)).payload
        let left = try await rotate()
        #expect(left.hasLeftovers && left.counts == [.current: 2, .plain: 1, .unreadable: 1])
        #expect(try #require(try await shop.store.detail(other)).payload == before)
    }

    @Test("A store that is open for reading only stays as it is")
    func readOnly() async throws {
        _ = try await signIn(old)
        try new.write(file: shop.folder.appendingPathComponent("shop.db.keys").path)
        let error = await #expect(throws: SessionsError.self) { try await rotate("--read-only") }
        #expect(error?.code == .refused)
        #expect(try await shop.audit().isEmpty)
    }
}
