import SessionTesting
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Sessions
import Testing

@testable import SessionsHummingbird

@Suite("Forged requests")
struct CSRFTests {
    private static let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]

    @Test("A form of ours is taken, by header or by field, before and after sign-in")
    func taken() async throws {
        let shop = try Shop()
        try await shop.visit { browser in
            for _ in 0..<2 {
                let proof = try await browser.get("/form").text
                #expect(try await browser.post("/form", [.csrfToken: proof]).text == "taken")
                #expect(try await browser.post("/form", Self.form, body: "a=1&csrf=\(proof)&b=2").text == "taken")
                #expect(try await browser.get("/form").text != proof, "each page has another")
                try await browser.post("/sign-in/alice")
            }
            #expect(shop.attacks[.forgedRequest] == 0)
        }
    }

    @Test("Without a proof, with a broken one, or with somebody else's it is refused and counted")
    func refused() async throws {
        let shop = try Shop()
        try await shop.open { client in
            let (browser, other) = (Browser(client), Browser(client))
            try await browser.post("/sign-in/alice")
            try await other.post("/sign-in/mallory")
            let proof = try await browser.get("/form").text
            let visitor = try await Browser(client).get("/form").text
            let broken = (proof.first == "A" ? "B" : "A") + proof.dropFirst()
            let proofs = ["", "x", broken, proof + "A", String(proof.dropLast()), visitor]
            let foreign = try await other.get("/form").text
            for proof in proofs + [foreign] {
                #expect(try await browser.post("/form", [.csrfToken: proof]).status == .forbidden)
                #expect(try await browser.post("/form", Self.form, body: "csrf=\(proof)").status == .forbidden)
            }
            #expect(try await browser.post("/form").status == .forbidden)
            #expect(try await browser.post("/form", body: "csrf=\(proof)").status == .forbidden, "no form")
            #expect(shop.attacks[.forgedRequest] == 2 * (proofs.count + 1) + 2)
        }
    }

    @Test("A proof dies with the id of its session; one of before the first session serves a visitor still")
    func bound() async throws {
        try await Shop().visit { browser in
            let before = try await browser.get("/form").text
            try await browser.post("/cart/tea")
            #expect(try await browser.post("/form", [.csrfToken: before]).text == "taken")
            let asVisitor = try await browser.get("/form").text
            try await browser.post("/sign-in/alice")
            for proof in [before, asVisitor] {
                #expect(try await browser.post("/form", [.csrfToken: proof]).status == .forbidden)
            }
        }
    }

    @Test("Every changed character of a proof makes it invalid")
    func everyCharacter() {
        let secret = SessionID()
        let proof = Array(CSRFToken.make(secret))
        #expect(CSRFToken.isValid(String(proof), secret))
        #expect(!CSRFToken.isValid(String(proof), SessionID()))
        for index in proof.indices {
            var forged = proof
            forged[index] = forged[index] == "A" ? "B" : "A"
            #expect(!CSRFToken.isValid(String(forged), secret))
        }
    }
}
