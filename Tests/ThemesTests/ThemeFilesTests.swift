import Screen
import Testing
import Themes

struct ThemeFilesTests {
    static let names = ThemeCatalogue.builtIn
    private static let lines: Set<Role> = [.border, .graphAxis]
    private static let states: [Role] = [
        .stateActive, .stateIdle, .stateExpiring, .stateExpired, .stateRevoked, .stateAnomalous,
    ]

    @Test("The promised themes are in the binary")
    func promised() {
        let promised = [
            "default", "slate", "paper", "high-contrast", "mono", "nord", "dracula", "gruvbox-dark", "gruvbox-light",
            "solarized-dark", "solarized-light", "catppuccin-mocha", "tokyo-night", "deuteranopia",
        ]
        #expect(Set(promised).isSubset(of: Self.names))
    }

    @Test("A built-in theme loads without a warning and bears its file's name", arguments: names)
    func loads(name: String) throws {
        let loaded = try ThemeCatalogue().load(name)
        #expect(loaded.warnings.isEmpty)
        #expect(loaded.theme.name == name)
    }

    @Test("Everything that is read has contrast, exactly and on 256 colours", arguments: names)
    func contrast(name: String) throws {
        let theme = try ThemeCatalogue().load(name).theme
        for role in Role.allCases {
            for level in [UInt8(0), 4, 8, 11, 15] {
                let appearance = theme.appearance(of: Style(role, level: level), depth: .full)
                let least = Self.lines.contains(role) ? 3 : Theme.readable
                for contrast in [appearance.contrast, appearance.asShown.contrast].compactMap(\.self) {
                    #expect(contrast >= least, "\(role.rawValue) at \(level): \(contrast)")
                }
            }
        }
    }

    @Test("Nothing gets lost under a cursor or a mark", arguments: names)
    func overlays(name: String) throws {
        let theme = try ThemeCatalogue().load(name).theme
        for overlay in [Role.cursor, .cursorBlur, .mark, .markCursor, .match, .gone, .stale] {
            for role in Role.allCases where !Self.lines.contains(role) {
                let appearance = theme.appearance(of: Style(role, over: overlay), depth: .full)
                for contrast in [appearance.contrast, appearance.asShown.contrast].compactMap(\.self) {
                    #expect(contrast >= Theme.readable, "\(role.rawValue) under \(overlay.rawValue): \(contrast)")
                }
            }
        }
    }

    @Test("None of the terminal's colours is dimmed, or blue, on its own ground", arguments: names, ColorDepth.allCases)
    func dimmed(name: String, depth: ColorDepth) throws {
        let theme = try ThemeCatalogue().load(name).theme
        for overlay in [Role?.none] + Role.allCases.map(Optional.some) {
            for role in Role.allCases {
                let look = theme.appearance(of: Style(role, over: overlay), depth: depth)
                guard look.background == .terminal, look.foreground != .terminal else { continue }
                let isRead = !look.attributes.contains(.dim) && look.foreground != .indexed(4)
                #expect(isRead, "\(role.rawValue) under \(overlay?.rawValue ?? "nothing")")
            }
        }
    }

    @Test("Where there are colours, rows that have ended aren't dimmed", arguments: names.filter { $0 != "mono" })
    func ended(name: String) throws {
        let theme = try ThemeCatalogue().load(name).theme
        for role in [Role.text, .stateRevoked, .stateExpired] {
            for depth in [ColorDepth.full, .sixteen, .eight] {
                #expect(!theme.appearance(of: Style(role, over: .gone), depth: depth).attributes.contains(.dim))
            }
        }
    }

    @Test("States look different from one another at every depth", arguments: names, ColorDepth.allCases)
    func states(name: String, depth: ColorDepth) throws {
        let theme = try ThemeCatalogue().load(name).theme
        let looks = Self.states.map { theme.appearance(of: Style($0), depth: depth).asShown }
        #expect(Set(looks).count == looks.count)
    }

    @Test("The cursor's row differs from the rows around it at every depth", arguments: names, ColorDepth.allCases)
    func cursors(name: String, depth: ColorDepth) throws {
        let theme = try ThemeCatalogue().load(name).theme
        let looks = [nil, Role.cursor, .cursorBlur, .mark, .markCursor].map {
            theme.appearance(of: Style(.text, over: $0), depth: depth).asShown
        }
        #expect(Set(looks).count == looks.count)
    }

    @Test("Nothing but the focus looks like the focus", arguments: names, ColorDepth.allCases)
    func focus(name: String, depth: ColorDepth) throws {
        let theme = try ThemeCatalogue().load(name).theme
        let focus = theme.appearance(of: Style(.text, over: .cursor), depth: depth).asShown
        for role in Role.allCases where role != .cursor && role != .markCursor {
            let look = theme.appearance(of: Style(role), depth: depth).asShown
            #expect(look != focus, "\(role.rawValue)")
            // Without colours reversing is all that there is for it.
            if depth == .mono || name == "mono" { #expect(!look.attributes.contains(.reverse), "\(role.rawValue)") }
            let focused = theme.appearance(of: Style(role, over: .cursor), depth: depth).asShown
            #expect(look != focused, "\(role.rawValue) under the cursor")
        }
    }

    @Test("Without colours no colour is used", arguments: names)
    func mono(name: String) throws {
        let theme = try ThemeCatalogue().load(name).theme
        for role in Role.allCases {
            let appearance = theme.appearance(of: Style(role, over: .cursor), depth: .mono)
            #expect(appearance.foreground == .terminal && appearance.background == .terminal)
        }
    }
}
