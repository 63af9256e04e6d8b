import SessionTesting
import Sessions
import Testing

@testable import Dashboard

@Suite("A user's refresh families")
struct UserTokensTests {
    private func rows(_ count: Int) -> [SessionRow] { (0..<count).map { .numbered($0, user: "alice") } }

    private func asked(_ effects: [Effect]) -> [IDHash]? {
        effects.lazy.compactMap { if case .loadFamilies(let ids) = $0 { ids } else { nil } }.first
    }

    private func desk(_ count: Int = 3, layout: String = "native") -> Desk {
        var desk = Desk(rows: rows(count))
        desk.state.store.description.layout = layout
        desk.press("u")
        return desk
    }

    private func family(_ row: SessionRow, expires: Timestamp = Desk.wall + .seconds(60)) -> UserTokens.Reading {
        var exposure = TokenExposure()
        exposure.add(expiring: expires)
        let use = RefreshFamilyReport.Use(generation: 1, at: Desk.wall, ip: nil, agent: nil)
        return .family(
            TokenFamily(
                SessionDetail(row: row, namespace: "n", location: []),
                RefreshFamilyReport(uses: [use], parents: [], children: [], exposure: exposure)))
    }

    @Test("They are asked for once the user is looked at, a few at a time, each once as it stands")
    func asks() {
        var desk = desk(UserTokens.batch + 5)
        let first = asked(desk.effects) ?? []
        #expect(first.count == UserTokens.batch)
        desk.press("j")
        #expect(asked(desk.effects) == nil, "one question at a time")
        desk.send(.families(Dictionary(uniqueKeysWithValues: first.map { ($0, .session) }), failure: nil))
        let rest = asked(desk.effects) ?? []
        #expect(rest.count == 5 && Set(rest).isDisjoint(with: first))
        desk.send(.families(Dictionary(uniqueKeysWithValues: rest.map { ($0, .session) }), failure: nil))
        #expect(asked(desk.effects) == nil)
        desk.wait(.seconds(2))
        #expect(asked(desk.effects) == nil)
        var used = rows(1)[0]
        used.seen = Desk.wall + .seconds(1)
        desk.change([used])
        #expect(asked(desk.effects) == [used.id])
    }

    @Test("Nothing is asked elsewhere, nor of a store that has no families")
    func asksNoMore() {
        #expect(asked(desk(layout: "django").effects) == nil)
        var desk = Desk(rows: rows(3))
        desk.press("j", "2")
        #expect(asked(desk.effects) == nil)
    }

    @Test("An answer about another user changes nothing, and a failure is told and asked again with the next poll")
    func answers() {
        var desk = desk()
        desk.send(.families([SessionRow.numbered(77).id: family(.numbered(77))], failure: nil))
        #expect(desk.state.tokens.readings.isEmpty)
        desk.send(.families([:], failure: "away"))
        #expect(desk.state.flash?.text.contains("away") ?? false)
        desk.wait(.seconds(2))
        #expect(desk.state.tokens.asked.count == 3)
    }

    @Test("A family that was revoked is told until its last access token dies, wherever one comes from")
    func ended() {
        let row = rows(1)[0]
        var desk = Desk(rows: rows(2))
        desk.change([row.ended])
        desk.wait(.seconds(60))
        desk.press("u")
        let ids = asked(desk.effects) ?? []
        #expect(ids.contains(row.id), "it is in no list any more")
        desk.send(
            .families(
                Dictionary(uniqueKeysWithValues: ids.map { ($0, $0 == row.id ? family(row.ended) : .session) }),
                failure: nil))
        let last = Desk.wall + .seconds(60) + TokenExposure.leeway
        #expect(desk.state.tokens.families(at: last - .seconds(1)).map(\.row.id) == [row.id])
        #expect(desk.state.tokens.families(at: last).isEmpty)
        #expect(!desk.state.tokens.isPartial)
    }

    @Test("Of very many sessions the figures are the least that they can be, and said to be")
    func partial() {
        #expect(desk(UserTokens.limit + 1).state.tokens.isPartial)
        #expect(!desk(UserTokens.limit).state.tokens.isPartial)
    }
}
