import Foundation
import Screen
import Testing
import Themes

struct ThemeCatalogueTests {
    /// Loads a theme from a user's folder that holds one file.
    private func load(_ text: String, name: String = "mine") throws -> LoadedTheme {
        let folder = FileManager.default.temporaryDirectory.appending(component: "themes-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(text.utf8).write(to: folder.appending(component: name + ".yaml"))
        return try ThemeCatalogue(folder: folder.path).load(name)
    }

    @Test("The format's example is understood")
    func example() throws {
        let loaded = try load(
            """
            name: other
            appearance: dark
            palette:
              bg: "#1f2430"
              ink: "#d5d9e2"
              hot: 203
              accent: cyan
            roles:
              text: ink on bg
              cursor: { style: bg on accent bold, 16: black on cyan bold, mono: reverse }
              state.revoked: { style: dim strike, mono: dim }
              danger: { style: hot bold, 16: brightred bold, mono: bold reverse }
              graph.hit: hot..ink..accent
            """)
        #expect(loaded.warnings.isEmpty)
        #expect(loaded.theme.name == "mine")
        #expect(loaded.theme[.danger].sixteen == Look(colors: [.indexed(9)], attributes: .bold))
        #expect(loaded.theme[.stateRevoked].full.attributes == [.dim, .strike])
        #expect(loaded.theme[.graphHit].full.colors.count == 3)
        #expect(loaded.theme[.title] == ThemeCatalogue.standard[.title])
    }

    @Test("A mistake is a warning with its line, and the rest of the theme stands")
    func warnings() throws {
        let loaded = try load(
            "colour: 1\nroles:\n  text: purplish\n  txet: red\n  key: red blod\n  dim: { 32: red }\n  new: green\n")
        #expect(loaded.warnings.map(\.line) == [1, 3, 4, 5, 6])
        #expect(loaded.theme[.new].full.colors == [.indexed(2)])
        #expect(loaded.theme[.text] == ThemeCatalogue.standard[.text])
    }

    @Test("A file that is no theme says where and what to do", arguments: ["roles: {", "- a", "", "a: b: c", "\u{0}"])
    func errors(text: String) {
        #expect(throws: ThemeNote.self) { try load(text) }
    }

    @Test("A name that is no name opens no file", arguments: ["../x", "", "a/b", "~", ".", "nowhere", "\u{1B}[2J"])
    func names(name: String) {
        #expect(throws: ThemeNote.self) { try ThemeCatalogue(folder: "/").load(name) }
    }

    @Test("The user's file goes before the built-in one of its name")
    func precedence() throws {
        let loaded = try load("roles: { title: red }", name: "slate")
        #expect(loaded.theme[.title].full.colors == [.indexed(1)])
    }

    @Test("A file too long for a theme is refused")
    func tooLong() {
        #expect(throws: ThemeNote.self) { try load(String(repeating: "# long\n", count: 20_000)) }
    }

    @Test("A deeply nested file is refused or ignored, and never traps")
    func nesting() {
        for text in [String(repeating: "[", count: 30_000), String(repeating: "- ", count: 30_000)] {
            _ = try? load(text)
        }
    }
}
