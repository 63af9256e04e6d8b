import Screen
import Testing

@testable import Terminal

/// Curses has one screen a process, so these take turns.
@Suite(.serialized)
struct HeadlessTests {
    private let size = Size(columns: 20, rows: 4)

    private func sample(_ glyphs: GlyphSet) -> Grid {
        var grid = Grid(size, glyphs: glyphs)
        grid.box(grid.bounds, title: "Sessions")
        grid.put("alice 作者 e\u{301}", at: Position(column: 1, row: 1), style: Style(.stateActive, over: .cursor))
        grid.put("\u{1B}[2J bob", at: Position(column: 1, row: 2), style: Style(.danger))
        return grid
    }

    @Test(
        "What is drawn can be read back, on terminals of every kind",
        arguments: ["xterm-256color", "tmux-256color", "screen", "screen-256color", "xterm", "linux", "vt100"])
    func readBack(type: String) throws {
        let terminal: Terminal
        do { terminal = try Terminal.headless(type: type, size: size) } catch {
            // Not every system knows every type; the ones that matter are there in each.
            #expect(!["xterm-256color", "linux", "vt100"].contains(type))
            return
        }
        defer { terminal.close() }
        #expect(terminal.size == size)
        #expect((terminal.glyphs == .ascii) == (type == "vt100"))
        let grid = sample(terminal.glyphs)
        terminal.draw(grid, theme: .plain)
        #expect(terminal.screenText() == grid.text)
    }

    @Test("Drawing differences ends with the same screen as drawing whole")
    func differences() throws {
        let terminal = try Terminal.headless(size: Size(columns: 12, rows: 3))
        defer { terminal.close() }
        var random = SystemRandomNumberGenerator()
        var grid = Grid(terminal.size)
        for _ in 0..<500 {
            let position = Position(
                column: .random(in: -2...11, using: &random), row: .random(in: 0...2, using: &random))
            let text = ["作者", "abc", "x", "🙂", "é", "   "].randomElement(using: &random) ?? ""
            grid.put(text, at: position, style: Style(Role.allCases.randomElement(using: &random) ?? .text))
            terminal.draw(grid, theme: .plain)
            #expect(terminal.screenText() == grid.text)
        }
    }

    @Test("Another size gives another screen")
    func resizing() throws {
        let terminal = try Terminal.headless(size: size)
        defer { terminal.close() }
        for size in [Size(columns: 5, rows: 2), Size(columns: 200, rows: 60), Size(columns: 1, rows: 1)] {
            terminal.resize(to: size)
            var grid = Grid(size)
            grid.box(grid.bounds, title: "作者")
            terminal.draw(grid, theme: .plain)
            #expect(terminal.screenText() == grid.text)
        }
    }

    @Test("A grid of another size than the screen's is cut")
    func otherSizes() throws {
        let terminal = try Terminal.headless(size: Size(columns: 3, rows: 1))
        defer { terminal.close() }
        var grid = Grid(Size(columns: 9, rows: 9))
        grid.put("a作作作", at: .zero)
        terminal.draw(grid, theme: .plain)
        #expect(terminal.screenText() == "a作")
        grid.put("ab作作", at: .zero)
        terminal.draw(grid, theme: .plain)
        #expect(terminal.screenText() == "ab")
    }

    @Test("An unknown or unusable type of terminal says what to do", arguments: ["dumb", "no-such-terminal"])
    func unusable(type: String) {
        let error = #expect(throws: TerminalError.self) { try Terminal.headless(type: type, size: size) }
        #expect(error?.message.contains("TERM is \"\(type)\"") == true)
        #expect(error?.message.contains("TERM=xterm-256color") == true)
    }

    @Test("Only one terminal is open at a time, and a closed one makes room")
    func oneAtATime() throws {
        let first = try Terminal.headless(size: size)
        #expect(throws: TerminalError.self) { try Terminal.headless(size: size) }
        first.close()
        let second = try Terminal.headless(size: size)
        second.close()
        second.close()
    }

    @Test("Typed letters, controls and Alt arrive as keys")
    func keys() throws {
        let terminal = try Terminal.headless(size: size)
        defer { terminal.close() }
        for (text, key) in [
            ("q", Key.character("q")), ("作", .character("作")), ("\u{4}", .control("d")), ("\r", .enter),
            ("\u{7F}", .backspace),
            ("\t", .tab), (" ", .space), ("\u{1B}", .escape), ("\u{1B}x", .alt("x")),
        ] {
            terminal.type(text)
            #expect(terminal.nextEvent(until: .now) == .key(key))
        }
    }

    @Test(
        "A sequence that is not known is swallowed whole",
        arguments: ["\u{1B}[27;5;13~", "\u{1B}]0;x\u{07}", "\u{1B}[?1;2c", "\u{1B}Oz"])
    func unknownSequences(sequence: String) throws {
        let terminal = try Terminal.headless(size: size)
        defer { terminal.close() }
        terminal.type(sequence + "q")
        #expect(terminal.nextEvent(until: .now) == .key(.character("q")))
        #expect(terminal.nextEvent(until: .now) == .timeout)
    }

    @Test("A waker on another thread ends the sleep, and many wake-ups count once")
    func waking() async throws {
        let events = try await withThrowingTaskGroup(of: [TerminalEvent].self) { group in
            group.addTask {
                let terminal = try Terminal.headless(size: Size(columns: 2, rows: 2))
                defer { terminal.close() }
                let waker = terminal.waker
                for _ in 0..<100_000 { waker.wake() }
                return [terminal.nextEvent(), terminal.nextEvent(until: .now)]
            }
            return try await group.next() ?? []
        }
        #expect(events == [.woken, .timeout])
    }

    @Test("More styles than a terminal has pairs for are drawn all the same")
    func manyPairs() throws {
        let terminal = try Terminal.headless(type: "xterm", size: Size(columns: 100, rows: 40))
        defer { terminal.close() }
        var entries: [Role: Theme.Entry] = [:]
        for (index, role) in Role.allCases.enumerated() {
            let look = Look(colors: [.indexed(UInt8(index % 16))], background: .indexed(UInt8(index * 3 % 16)))
            entries[role] = Theme.Entry(full: look, sixteen: look, eight: look, mono: [])
        }
        var grid = Grid(terminal.size)
        for (row, role) in Role.allCases.enumerated() {
            for (column, overlay) in Role.allCases.enumerated() {
                grid.put("x", at: Position(column: column, row: row), style: Style(role, over: overlay))
            }
        }
        terminal.draw(grid, theme: Theme(name: "t", tone: .dark, palette: [:], entries: entries))
        #expect(terminal.screenText() == grid.text)
    }
}
