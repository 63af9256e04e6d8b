import Screen
import Testing

struct ThemeTests {
    @Test("The nearest index is the nearest of all 240", arguments: [UInt64(1), 2, 3])
    func nearest(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<2000 {
            let color = RGB(
                red: .random(in: 0...255, using: &random), green: .random(in: 0...255, using: &random),
                blue: .random(in: 0...255, using: &random))
            func offset(_ index: UInt8) -> Int {
                guard let other = RGB(xterm: index) else { return .max }
                let parts = [(color.red, other.red, 3), (color.green, other.green, 6), (color.blue, other.blue, 2)]
                return parts.reduce(0) { $0 + $1.2 * (Int($1.0) - Int($1.1)) * (Int($1.0) - Int($1.1)) }
            }
            let best = (UInt8(16)...255).map(offset).min()
            #expect(offset(color.nearestXterm) == best)
        }
    }

    @Test(
        "Dark grounds of known palettes stay dark",
        arguments: [("#2e3440", 236...237), ("#282a36", 235...236), ("#1e1e2e", 234...235), ("#1a1b26", 234...235)])
    func grounds(hex: String, indices: ClosedRange<Int>) throws {
        let color = try #require(RGB(hex: hex))
        #expect(indices.contains(Int(color.nearestXterm)))
    }

    @Test("Contrast is that of WCAG")
    func contrast() {
        let (black, white) = (RGB(red: 0, green: 0, blue: 0), RGB(red: 255, green: 255, blue: 255))
        #expect(abs(black.contrast(with: white) - 21) < 0.001)
        #expect(abs(RGB(red: 118, green: 118, blue: 118).contrast(with: white) - 4.54) < 0.01)
    }

    @Test("Hexadecimal colours are read, and nothing else")
    func hexadecimal() {
        #expect(RGB(hex: "#1f2430") == RGB(red: 0x1F, green: 0x24, blue: 0x30))
        #expect(RGB(hex: "#abc") == RGB(red: 0xAA, green: 0xBB, blue: 0xCC))
        for wrong in ["", "#", "1f2430", "#1f243", "#1f24300", "#+f2430", "#ggg", "#-1f"] {
            #expect(RGB(hex: wrong) == nil)
        }
    }

    @Test("A cursor keeps a state's colour where it reads well, and its own where it doesn't")
    func overlays() {
        func look(_ front: UInt8, on back: UInt8? = nil) -> Theme.Entry {
            let look = Look(colors: [.indexed(front)], background: back.map(Color.indexed))
            return Theme.Entry(full: look, sixteen: look, eight: look, mono: [.reverse])
        }
        let theme = Theme(
            name: "t", tone: .dark, palette: [:],
            entries: [
                .text: look(252, on: 234), .cursor: look(255, on: 238), .stateActive: look(120),
                .stateRevoked: look(240),
            ])
        let kept = theme.appearance(of: Style(.stateActive, over: .cursor), depth: .full)
        let lost = theme.appearance(of: Style(.stateRevoked, over: .cursor), depth: .full)
        #expect(kept.foreground == .indexed(120) && kept.background == .indexed(238))
        #expect(lost.foreground == .indexed(255) && lost.background == .indexed(238))
        #expect(theme.appearance(of: Style(.text, over: .cursor), depth: .mono).attributes == [.reverse])
        #expect(theme.appearance(of: Style(.stateActive), depth: .full).background == .indexed(234))
    }

    @Test("A reversed cursor's bar is as bright over dim cells as over others")
    func reversed() {
        let dim = Theme.Entry(full: .plain, sixteen: .plain, eight: .plain, mono: [.dim, .italic])
        let bar = Theme.Entry(full: .plain, sixteen: .plain, eight: .plain, mono: [.reverse])
        let theme = Theme(name: "t", tone: .any, palette: [:], entries: [.stateIdle: dim, .cursor: bar, .stale: dim])
        func attributes(_ style: Style) -> Attributes { theme.appearance(of: style, depth: .mono).attributes }
        #expect(attributes(Style(.stateIdle)) == [.dim, .italic])
        #expect(attributes(Style(.stateIdle, over: .cursor)) == [.reverse, .italic])
        #expect(attributes(Style(.text, over: .stale)) == [.dim, .italic])
    }

    @Test("A gradient goes from its first colour to its last")
    func gradients() {
        let (low, high) = (RGB(red: 0, green: 0, blue: 0), RGB(red: 250, green: 100, blue: 50))
        let look = Look(colors: [.rgb(low), .rgb(high)])
        let entry = Theme.Entry(full: look, sixteen: Look(colors: [.indexed(1), .indexed(2)]), eight: look, mono: [])
        let theme = Theme(name: "t", tone: .dark, palette: [:], entries: [.graphHit: entry])
        func color(_ fraction: Double, _ depth: ColorDepth) -> Color {
            theme.appearance(of: Style(.graphHit).at(fraction), depth: depth).foreground
        }
        #expect(color(0, .full) == .rgb(low) && color(1, .full) == .rgb(high))
        #expect(color(.nan, .full) == .rgb(low) && color(9, .full) == .rgb(high))
        #expect(color(0.1, .sixteen) == .indexed(1) && color(0.9, .sixteen) == .indexed(2))
    }
}
