import Screen
import Sessions
import Testing

@testable import Dashboard

@Suite("Where the columns of a table stand")
struct ColumnLayoutTests {
    static let rules = [
        ColumnRule(title: "SESSION", minimum: 12, maximum: 12),
        ColumnRule(title: "USER", minimum: 10, maximum: 30),
        ColumnRule(title: "IP", minimum: 15, maximum: 39, drop: 1),
        ColumnRule(title: "TTL", alignment: .trailing, minimum: 6, maximum: 6),
        ColumnRule(title: "AGENT", minimum: 8, maximum: 60, drop: 2),
    ]

    @Test("At every width the columns lie in order, apart, inside, and within their bounds")
    func everyWidth() {
        for width in 0...250 {
            for wanted in [[0, 0, 0, 0, 0], [12, 18, 15, 6, 40], [99, 99, 99, 99, 99]] {
                let places = ColumnLayout(Self.rules, wanted: wanted, width: width, gap: 2).places
                var edge = 0
                for place in places {
                    #expect(place.x >= edge && place.width > 0 && place.x + place.width <= width)
                    #expect(place.width <= Self.rules[place.index].maximum)
                    edge = place.x + place.width + 2
                }
                #expect(places.map(\.index) == places.map(\.index).sorted())
            }
        }
    }

    @Test("What gives way first is dropped first, and what never goes stays")
    func dropping() {
        func shown(_ width: Int) -> [Int] {
            ColumnLayout(Self.rules, wanted: [0, 0, 0, 0, 0], width: width, gap: 2).places.map(\.index)
        }
        #expect(shown(59) == [0, 1, 2, 3, 4])
        #expect(shown(58) == [0, 1, 2, 3])
        #expect(shown(48) == [0, 1, 3])
        #expect(shown(32) == [0, 1, 3])
    }

    @Test("A column whose cells need room gets it before one that doesn't")
    func wanted() {
        let layout = ColumnLayout(Self.rules, wanted: [12, 10, 39, 6, 8], width: 90, gap: 2)
        #expect(layout.places.first { $0.index == 2 }?.width == 39)
    }

    @Test("A column asks for what its cells take on the screen, not for what they take in memory")
    func columnsOfTexts() {
        let name = "Александрина"
        let far = String(repeating: "z", count: 50)
        let rows = (0..<100).map { SessionRow.numbered($0, user: $0 == 99 ? far : $0 < 2 ? name : "u\($0)") }
        var desk = Desk(rows: rows)
        #expect(desk.state.list.widest[.user] == 12)
        #expect(desk.state.list.widest[.agent] == 7)
        desk.press("2")
        desk.wait(.seconds(1))
        #expect(desk.state.users.shown.first?.name == name && desk.state.users.shown.last?.name == far)
        #expect(desk.state.users.widestName == 12, "the longest isn't on the screen")
        desk.press("G")
        #expect(desk.state.users.widestName == 50)
    }
}
