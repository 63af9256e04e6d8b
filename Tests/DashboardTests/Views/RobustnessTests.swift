import Screen
import Sessions
import Testing

@testable import Dashboard

@Suite("Screens of every size and content")
struct RobustnessTests {
    @Test("At every size each scene is drawn whole, without a trap", arguments: Scene.all)
    func everySize(scene: Scene) {
        let wide = scene.state(Size(columns: 200, rows: 60))
        // Prime steps meet every kind of size; the smallest that is drawn, and its neighbours, are among them.
        for columns in Array(stride(from: 1, through: 210, by: 17)) + [59, 60, 61, 100, 116, 160, 210] {
            for rows in Array(stride(from: 1, through: 65, by: 13)) + [11, 12, 13, 18, 24] {
                let size = Size(columns: columns, rows: rows)
                var state = wide
                _ = state.update(.resize(size))
                let grid = render(state, size: size)
                #expect(grid.size == size)
                #expect(
                    grid.caret.map { $0.column < columns && $0.row < rows && $0.column >= 0 && $0.row >= 0 } ?? true)
            }
        }
    }

    @Test("A screen of another size than the state knows is drawn all the same", arguments: Scene.all)
    func otherSize(scene: Scene) {
        let state = scene.state(Size(columns: 200, rows: 60))
        for size in [Size(columns: 60, rows: 12), Size(columns: 81, rows: 25), Size(columns: 300, rows: 100), .zero] {
            #expect(render(state, size: size).size == size)
        }
    }

    @Test(
        "Nothing that a stranger wrote reaches a grid as a control, a bidi mark or an invisible scalar",
        arguments: Scene.all)
    func hostileText(scene: Scene) {
        for size in Scene.sizes {
            for cell in render(scene.state(size), size: size).cells {
                guard let base = cell.glyph.base else { continue }
                #expect(!base.isDangerous)
                for mark in [cell.glyph.marks.0, cell.glyph.marks.1] { #expect(!(mark?.isDangerous ?? false)) }
            }
        }
    }

    @Test("Below the smallest size a line says what is needed")
    func tooSmall() {
        let size = Size(columns: 59, rows: 12)
        #expect(render(Fixture.state(size), size: size).text.contains("needs 60x12"))
    }

    @Test("The buttons and the question of every dialog are in sight on the smallest screen", arguments: Scene.all)
    func buttons(scene: Scene) {
        var state = scene.state(Size(columns: 120, rows: 40))
        guard case .dialog = state.overlay else { return }
        // Wherever the focus is.
        for _ in 0..<6 {
            _ = state.update(.key(.tab))
            let screen = render(state, size: .smallest).text
            #expect(screen.contains("[ Cancel ]") && screen.contains(" ?"))
        }
    }

    @Test("The same state gives the same screen")
    func pure() {
        for scene in Scene.all {
            let size = Size(columns: 120, rows: 40)
            let state = scene.state(size)
            #expect(render(state, size: size) == render(state, size: size))
        }
    }

    @Test("The row under the cursor is on the screen, wherever it is")
    func cursorInSight() {
        for rows in [12, 13, 24, 40] {
            let size = Size(columns: 80, rows: rows)
            for steps in 0..<FixtureSessions.rows.count {
                let state = Fixture.state(size).pressing(String(repeating: "j", count: steps))
                let handle = state.list.cursor.map { "\($0.handle)" } ?? ""
                #expect(render(state, size: size).text.contains(handle))
            }
        }
    }
}

extension Unicode.Scalar {
    /// Whether it could act on a terminal, or hide.
    fileprivate var isDangerous: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: properties.isDefaultIgnorableCodePoint
        }
    }
}
