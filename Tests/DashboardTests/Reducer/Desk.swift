import Screen
import SessionTesting
import Sessions
import Testing

@testable import Dashboard

/// An operator at a dashboard, without a terminal and without a store: keys go in, effects come out.
struct Desk {
    var state: State
    /// What the last action asked for.
    var effects: [Effect] = []

    static let wall = Timestamp(milliseconds: 1_800_000_000_000)
    static let origin = MonotonicInstant.now

    /// A dashboard that has read some rows.
    init(
        rows: [SessionRow] = [], readOnly: String? = nil, isProtected: Bool = false,
        capabilities: Capabilities = .all, size: Size = Size(columns: 80, rows: 24)
    ) {
        let store = StoreIdentity(
            name: "prod-eu",
            description: StoreDescription(url: "sqlite:/tmp/s.db", software: "SQLite", layout: "native"),
            capabilities: capabilities, isProtected: isProtected)
        state = State(
            store: store, policy: Policy(actor: "mira@desk", readOnlyReason: readOnly), size: size,
            now: Moment(wall: Self.wall, monotonic: Self.origin))
        _ = state.start()
        send(.themes(["default", "nord", "slate"], current: "default"))
        load(rows)
        send(.polled(took: .milliseconds(2)))
    }

    mutating func send(_ action: Action) { effects = state.update(action) }

    /// Reads all rows anew.
    mutating func load(_ rows: [SessionRow]) {
        let generation = state.polling.generation
        send(
            .loadingBegan(
                state.store.capabilities.changes.isPossible ? ChangePosition(0) : nil, generation: generation))
        send(.page(RowPage(rows: rows, next: nil), generation: generation))
    }

    /// Time goes by; a poll that falls due is answered well.
    mutating func wait(_ duration: Duration) {
        send(.tick(Moment(wall: state.now.wall + duration, monotonic: state.now.monotonic + duration)))
        let asked = effects
        if asked.contains(where: { if case .poll = $0 { true } else { false } }) {
            send(.polled(took: .milliseconds(2)))
            effects = asked
        }
    }

    mutating func change(_ rows: [SessionRow], removed: [IDHash] = []) {
        send(
            .changes(
                RowChanges(rows: rows, removed: removed, position: ChangePosition(1))))
        effects += state.update(.polled(took: .milliseconds(2)))
    }

    /// Presses keys by their names.
    mutating func press(_ names: String...) {
        for name in names {
            guard let key = Key(name) else {
                Issue.record("no key is called \(name)")
                continue
            }
            send(.key(key))
        }
    }

    /// Types a text, a key a character.
    mutating func type(_ text: String) { for character in text { send(.key(.character(character))) } }

    /// Opens a dialog with a key, and waits until it listens.
    mutating func open(_ name: String) {
        press(name)
        wait(.milliseconds(400))
    }

    var revokeDialog: RevokeDialog? {
        if case .dialog(.revoke(let dialog)) = state.overlay { dialog } else { nil }
    }

    /// The target of a revoke that the last action asked for.
    var revoked: RevokeTarget? {
        effects.lazy.compactMap { if case .revoke(_, let target, _) = $0 { target } else { nil } }.first
    }

    var isIdle: Bool { if case nil = state.overlay { true } else { false } }
}

extension SessionRow {
    /// A live session with a number, which decides its handle and its place: the higher, the later it ends.
    static func numbered(_ number: Int, user: String? = nil, node: String? = nil) -> SessionRow {
        let digits = withUnsafeBytes(of: UInt64(number).bigEndian) { Array($0.suffix(4)) }
        var row = SessionRow(id: IDHash(digest: digits + Array(repeating: 1, count: 28)) ?? IDHash(hashing: digits))
        row.user = user ?? "user\(number % 7)"
        row.node = node ?? "web-0\(number % 3 + 1)"
        row.ip = "10.0.0.\(number % 250)"
        row.agent = "Firefox"
        row.created = Desk.wall - .seconds(600)
        row.seen = Desk.wall - .seconds(number % 60)
        row.deadlines = Deadlines(
            idle: Desk.wall + .seconds(3600 + number), absolute: Desk.wall + .seconds(100_000))
        return row
    }

    /// The same, revoked.
    var ended: SessionRow {
        var row = self
        row.state = .revoked
        row.revokedAt = Desk.wall
        return row
    }
}

extension Array where Element == SessionRow {
    static func numbered(_ range: Range<Int>) -> [SessionRow] { range.map { .numbered($0) } }
}
