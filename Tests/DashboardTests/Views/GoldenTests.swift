import Screen
import Testing

@testable import Dashboard

@Suite("Golden screens")
struct GoldenTests {
    @Test("Each scene looks as it did", arguments: Scene.all, Scene.sizes)
    func looksAsItDid(scene: Scene, size: Size) throws {
        let grid = render(scene.state(size), size: size)
        let golden = GoldenFile("\(scene.name)-\(size.columns)x\(size.rows).txt")
        try golden.check(GoldenFile.content(of: grid))
    }

    @Test("With ASCII glyphs a screen holds ASCII alone")
    func ascii() throws {
        for scene in Scene.all {
            let size = Size(columns: 120, rows: 40)
            let grid = render(scene.state(size), size: size, glyphs: .ascii)
            #expect(grid.text.utf8.allSatisfy { $0 < 0x80 }, "\(scene.name)")
        }
        let size = Size(columns: 120, rows: 40)
        let stats = render(Fixture.state(size).pressing("3"), size: size, glyphs: .ascii)
        try GoldenFile("stats-ascii-120x40.txt").check(GoldenFile.content(of: stats))
    }

    @Test("Help says all of its words", arguments: ["1", "2", "3", "4", "5", "d", "u"], [80, 120])
    func help(place: String, columns: Int) {
        let size = Size(columns: columns, rows: 60)
        for state in [Fixture.state(size), FixtureServers.state(size)] {
            let lines = render(state.pressing(place, "?"), size: size).text.split(separator: "\n").dropFirst(3)
            #expect(lines.contains { $0.contains("move down") })
            #expect(lines.filter { $0.contains("…") } == [])
        }
    }
}
