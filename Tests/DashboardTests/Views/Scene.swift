import Screen
import Sessions
import Testing

@testable import Dashboard

/// A moment of the dashboard that has a golden screen at every size.
struct Scene: Sendable, CustomTestStringConvertible {
    /// Its name, and its files'.
    let name: String
    /// How the dashboard comes there on a screen of a size.
    let state: @Sendable (Size) -> State

    var testDescription: String { name }

    init(_ name: String, _ state: @escaping @Sendable (Size) -> State) {
        (self.name, self.state) = (name, state)
    }

    /// The sizes that every scene is kept at.
    static let sizes = [Size(columns: 80, rows: 24), Size(columns: 120, rows: 40), Size(columns: 200, rows: 60)]

    /// All of them.
    static let all: [Scene] = places + details + questions + troubles
}

extension Scene {
    private static let places = [
        Scene("sessions") { size in
            var state = Fixture.state(size)
            for rows in [FixtureSessions.beforeTheyEnd, FixtureSessions.ended] {
                _ = state.update(.changes(RowChanges(rows: rows, position: ChangePosition(2))))
            }
            state = state.pressing("jj j ")
            _ = state.update(.message("copied handle s:7f3a91c2d0e1", .info))
            return state
        },
        Scene("sessions-filtered") { Fixture.state($0).pressing("*/ttl<15m -user:svc-*", Key.enter, "j") },
        Scene("users") { Fixture.state($0).pressing("2jj") },
        Scene("user") { Fixture.state($0).pressing("uj") },
        Scene("user-tokens") { FixtureTokens.state($0) },
        Scene("stats") { Fixture.state($0).pressing("3") },
        Scene("nodes") { Fixture.state($0).pressing("4jj") },
        Scene("nodes-memory") { size in
            var state = Fixture.state(size)
            _ = state.update(.nodes(FixtureNodes.inMemory))
            return state.pressing("4jjj")
        },
        Scene("servers-pins") { FixtureServers.state($0).pressing("1j") },
        Scene("servers-users") { FixtureServers.state($0).pressing("2") },
        Scene("servers") { FixtureServers.state($0).pressing("4j") },
        Scene("audit") { Fixture.state($0).pressing("5j") },
    ]

    private static let details = [
        Scene("inspect") { Fixture.inspecting($0, user: "alice@corp.example").0 },
        Scene("inspect-sealed") { size in
            var (state, detail) = Fixture.inspecting(size, user: "svc-legacy")
            detail.payload = .sealed("key k1 not at hand")
            _ = state.update(.detail(detail.detail.row.id, .loaded(detail, at: state.now)))
            return state
        },
        Scene("inspect-family") { FixtureTokens.inspecting($0) },
        Scene("result") { size in
            var state = Fixture.revoking(size)
            Fixture.finish(&state)
            return state.pressing("r")
        },
        Scene("help") { Fixture.state($0, isReadOnly: true).pressing("?", Key.down, Key.down) },
        Scene("menu-sort") { Fixture.state($0).pressing("s") },
        Scene("menu-theme") { Fixture.state($0).pressing("T") },
    ]

    private static let questions = [
        Scene("revoke-one") { Fixture.state($0).pressing("jjX") },
        Scene("revoke-user") { Fixture.state($0).pressing("A", "INC-4471") },
        Scene("revoke-many") { Fixture.state($0).pressing("*X") },
        Scene("extend") { Fixture.state($0).pressing("  j E") },
        Scene("reveal") { Fixture.inspecting($0, user: "alice@corp.example").0.pressing("MCS-118") },
        Scene("servers-drain") { FixtureServers.state($0).pressing("4D", "kernel") },
        Scene("servers-out") { FixtureServers.state($0).pressing("4M", "kernel") },
        Scene("unpin") { FixtureServers.state($0).pressing("jX") },
        Scene("prompt-error") { Fixture.state($0).pressing("/user:alice ttl<<2h") },
        Scene("prompt-command") { Fixture.state($0).pressing(":se", Key.tab) },
    ]

    private static let troubles = [
        Scene("job") { Fixture.revoking($0) },
        Scene("lost") { size in
            var state = Fixture.state(size)
            _ = state.update(.tick(Fixture.moment(.seconds(41))))
            _ = state.update(.pollFailed("the store can't be reached: /var/lib/shop is not mounted"))
            return state
        },
        Scene("loading") { size in
            var state = Fixture.empty(size)
            _ = state.update(.loadingBegan(nil, generation: state.polling.generation))
            _ = state.update(
                .page(
                    RowPage(rows: Array(FixtureSessions.rows.prefix(9)), next: RowCursor(mark: [1])),
                    generation: state.polling.generation))
            return state
        },
        Scene("empty") { Fixture.empty($0) },
    ]
}
