import ArgumentParser
import Foundation
import Sessions
import Testing

@testable import sessiontop

@Suite("Opening contexts from a dashboard")
struct ContextOpenerTests {
    private let shop: CommandShop

    init() throws { shop = try CommandShop() }

    /// Begins with a context, which has others beside it.
    private func opener(
        _ variables: [String: String] = [:], first: String = "production", with: [String] = [], _ arguments: String...
    ) throws -> ContextOpener {
        let file = shop.folder.appendingPathComponent("config.yaml")
        try """
        contexts:
          production: { store: "\(shop.url)" }
          staging: { store: "\(shop.url)", theme: paper }
          foreign: { store: "sqlite:\(shop.folder.path)/laravel.db" }
        """.write(to: file, atomically: true, encoding: .utf8)
        return ContextOpener(
            first: first, common: try CommonOptions.parse(["--config", file.path] + arguments),
            joining: try JoiningOptions.parse(with),
            environment: CommandEnvironment(variable: { variables[$0] }, time: shop.time.source, ask: nil))
    }

    @Test("The password and the keys that were given for the first store are given to no other, and come back with it")
    func secrets() async throws {
        let opener = try opener([
            "SESSIONTOP_PASSWORD": "sesame", "SESSIONTOP_KEYS": "/nowhere/keys", "SESSIONTOP_THEME": "slate",
        ])
        let own = opener.surroundings(of: "production").variable
        let others = opener.surroundings(of: "staging").variable
        #expect(own("SESSIONTOP_PASSWORD") == "sesame" && own("SESSIONTOP_KEYS") == "/nowhere/keys")
        #expect(others("SESSIONTOP_PASSWORD") == nil && others("SESSIONTOP_KEYS") == nil)
        #expect(own("SESSIONTOP_THEME") == "slate" && others("SESSIONTOP_THEME") == "slate")
        // The keys' file isn't there: only the store that they are for can't be opened.
        let error = await #expect(throws: SessionsError.self) { _ = try await opener.open("production") }
        #expect(error?.code == .usage)
        #expect(try await opener.open("staging").name == "staging")
    }

    @Test("A context is shown in its own theme, and one that has none in the theme in use")
    func theme() async throws {
        #expect(try await opener().open("staging").theme == "paper")
        #expect(try await opener().open("production").theme == nil)
        #expect(try await opener([:], "--theme", "slate").open("staging").theme == "slate")
    }

    @Test("The layout that was asked for is the first store's, and comes back with it; one that is found is told of")
    func layout() async throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        try FileManager.default.copyItem(
            at: tests.appending(path: "SessionLayoutsTests/Fixtures/laravel-database-sqlite/db.sqlite3"),
            to: shop.folder.appending(path: "laravel.db"))
        for (first, hasLifetime) in [("production", false), ("foreign", true)] {
            let opener = try opener(first: first, "--layout", "laravel-database?lifetime=120m")
            let notes = try await opener.open("foreign").notes
            #expect(notes.contains { $0.contains("lifetime") } == !hasLifetime)
            #expect(hasLifetime || notes.contains { $0.hasPrefix("Layout laravel-database: 20 of 20 ") })
        }
    }

    @Test("What the first store was joined with comes back with it alone")
    func joining() async throws {
        let opener = try opener(with: ["--with", shop.url])
        // No balancer is named first: that is refused where the two are joined.
        let error = await #expect(throws: SessionsError.self) { _ = try await opener.open("production") }
        #expect(error?.code == .usage && error?.message.contains("--with") == true)
        #expect(try await opener.open("staging").name == "staging")
    }
}
