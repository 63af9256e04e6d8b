import Screen
import Sessions

@testable import Dashboard

/// A user with refresh families: one in use, one that was derived from it, one that was ended for a reuse, one revoked.
enum FixtureTokens {
    static func state(_ size: Size) -> State {
        var state = Fixture.state(size)
        _ = state.update(
            .changes(
                RowChanges(rows: families.map(\.row), position: ChangePosition(2))))
        _ = state.update(.polled(took: .microseconds(1500)))
        state = state.pressing("2", "/alice", Key.enter, Key.enter)
        for _ in 0..<4 {
            let readings = Dictionary(
                uniqueKeysWithValues: state.tokens.asked.keys.map { id in
                    (id, families.first { $0.row.id == id }.map { UserTokens.Reading.family($0) } ?? .session)
                })
            _ = state.update(.families(readings, failure: nil))
        }
        return state
    }

    static func inspecting(_ size: Size) -> State {
        var state = state(size)
        let family = families[1]
        var detail = SessionDetail(
            row: family.row, namespace: "shop", location: [("table", "sessions"), ("rowid", "5")])
        (detail.client, detail.version, detail.revocation) = (family.client, 7, family.revocation)
        state = state.pressing(":inspect \(families[0].row.id.handle)", Key.enter)
        state.inspector.id = family.row.id
        let session = InspectedSession(
            detail: detail, payload: .open(masked: ["{", "  \"refreshFamily\": 1", "}"], full: []),
            family: family.report)
        _ = state.update(.detail(family.row.id, .loaded(session, at: state.now)))
        return state
    }

    static let families: [TokenFamily] = [
        family(1, client: "shop-ios", FixtureSessions.iphone, "203.0.113.9", rotations: 41, ago: 12, tokens: 2),
        family(2, client: "shop-web", "python-requests/2.31", "198.51.100.7", rotations: 6, ago: 95, tokens: 3),
        family(3, client: "reports", FixtureSessions.chrome, "198.51.100.44", rotations: 0, ago: 190, tokens: 1),
        family(4, client: "shop-android", "okhttp/4.12", "192.0.2.60", rotations: 118, ago: 60, tokens: 2),
        family(5, client: "shop-web", FixtureSessions.edge, "203.0.113.80", rotations: 3, ago: 200, tokens: 404),
    ]

    private static func family(
        _ number: Int, client: String, _ agent: String, _ ip: String, rotations: Int, ago: Int, tokens: Int
    ) -> TokenFamily {
        var row = SessionRow(id: IDHash(hashing: Array("family \(number)".utf8)))
        (row.user, row.ip, row.agent, row.node) = ("alice@corp.example", ip, agent, "web-01")
        let used = Fixture.now - .seconds(ago)
        (row.created, row.seen) = (Fixture.now - .seconds(86_400), used)
        row.deadlines = Deadlines(idle: used + .seconds(604_800), absolute: Fixture.now + .seconds(2_500_000))
        var exposure = TokenExposure()
        exposure.add(tokens, expiring: used + .seconds(300))
        let uses = (max(1, rotations - 3)...rotations + 1).map { generation in
            RefreshFamilyReport.Use(
                generation: generation, at: used - .seconds(240 * (rotations + 1 - generation)),
                ip: generation == rotations + 1 ? ip : "203.0.113.9",
                agent: generation == rotations + 1 ? agent : FixtureSessions.chrome)
        }
        if number == 2 || number == 5 { (row.state, row.revokedAt) = (.revoked, used) }
        var detail = SessionDetail(row: row, namespace: "shop", location: [])
        detail.client = client
        if number == 2 {
            detail.revocation = Revocation(
                at: used, by: Revocation.refreshActor,
                reason: Revocation.reuseReason(
                    "token 5 of 7 presented 2026-08-21T14:01:52.000Z from \"198.51.100.7\" (\"python-requests/2.31\"); "
                        + "it was exchanged 2026-08-21T13:53:52.000Z from \"203.0.113.9\"; kind branched"))
        } else if number == 5 {
            detail.revocation = Revocation(at: used, by: "ops/mira", reason: "INC-4471")
        }
        let report = RefreshFamilyReport(
            uses: uses, parents: number == 3 ? [IDHash(hashing: Array("family 1".utf8))] : [], children: [],
            exposure: exposure)
        return TokenFamily(detail, report)
    }
}
