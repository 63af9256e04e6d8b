import Screen
import Sessions

@testable import Dashboard

extension Fixture {
    /// One session of a user in detail, beside the table or over the whole screen.
    static func inspecting(_ size: Size, user: String) -> (State, InspectedSession) {
        var state = state(size)
        let row = FixtureSessions.rows.first { $0.user == user } ?? FixtureSessions.rows[0]
        state = state.pressing("/user:\(user)", Key.enter, Key.enter)
        let id = state.inspector.id ?? row.id
        let shown = FixtureSessions.rows.first { $0.id == id } ?? row
        var detail = SessionDetail(
            row: shown, namespace: "shop",
            location: [
                ("table", "sessions"), ("rowid", "4711"), ("idle_deadline", "1787322207000"),
                ("absolute_deadline", "1787343807000"),
            ])
        detail.version = 17
        detail.authenticated = now - .seconds(5_200)
        detail.tenant = "corp"
        let payload = [
            "{", "  \"cart\": [\"B-17\", \"K-4\"],", "  \"csrf\": \"••••••\",", "  \"locale\": \"de-DE\",",
            "  \"mfa\": false,",
            "  \"name\": \"Alice \\u001b[31m\",", "  \"roles\": [\"admin\"]", "}",
        ]
        let session = InspectedSession(
            detail: detail,
            payload: .open(masked: payload, full: payload.map { $0.replacing("••••••", with: "9f2c11d0") }))
        _ = state.update(.detail(id, .loaded(session, at: state.now)))
        return (state, session)
    }

    /// A revoke of four sessions that is durable, and not effective on all nodes yet.
    static func revoking(_ size: Size) -> State {
        var state = state(size).pressing("    ", "X", Key.backTab, Key.backTab)
        if case .dialog(.revoke(var dialog)) = state.overlay {
            dialog.reason.replace(with: "INC-4471 stolen laptop")
            dialog.focus = .revoke
            state.overlay = .dialog(.revoke(dialog))
        }
        state = state.pressing(Key.enter)
        guard let job = state.jobs.jobs.last, case .revoke(.sessions(let ids)) = job.kind else { return state }
        let users = Dictionary(FixtureSessions.rows.map { ($0.id, $0.user) }) { first, _ in first }
        let outcomes: [RevokeOutcome] = [
            .revoked, .alreadyRevoked(Revocation(at: now - .seconds(70), by: "ops/jan", reason: nil)), .revoked,
            .expired(at: now - .seconds(3)),
        ]
        let lines = zip(ids, outcomes).map { (id: $0, user: users[$0] ?? nil, outcome: $1) }
        let receipt = RevokeReceipt(outcomes: lines, position: FeedPosition(20_419), durable: state.now.monotonic)
        _ = state.update(.job(job.id, .durable(receipt)))
        _ = state.update(.job(job.id, .applied(nodes: ["web-01", "web-02"], waiting: ["web-03"])))
        state.flash = nil
        return state
    }

    /// It is effective, looked at again, and nothing came back.
    static func finish(_ state: inout State) {
        guard let job = state.jobs.jobs.last else { return }
        _ = state.update(.job(job.id, .applied(nodes: ["web-01", "web-02", "web-03"], waiting: [])))
        _ = state.update(.job(job.id, .effective(after: .milliseconds(612))))
        _ = state.update(.job(job.id, .rechecked(after: .seconds(2), cameBack: [])))
        state.flash = nil
    }
}
