internal import Screen
public import Sessions

extension State {
    /// The session under the cursor, in the list or in detail.
    public var currentSession: IDHash? {
        switch navigation.place {
        case .sessions: list.cursor
        case .inspect(let id): id
        case .result(let job):
            jobs[job].flatMap { $0.lines.indices.contains(resultPlace) ? $0.lines[resultPlace].id : nil }
        default: nil
        }
    }

    /// The user under the cursor; `nil` where there is none.
    public var currentUser: UserKey? {
        switch navigation.place {
        case .users: users.cursor
        case .sessions(.user(let name)): UserKey(name)
        default: currentSession.flatMap { list.table.row(of: $0) }.map { UserKey($0.user) }
        }
    }

    /// Whether secrets are shown.
    public var isRevealed: Bool { inspector.revealedUntil.map { $0 > now.monotonic } ?? false }

    /// How many rows of what the present place lists are on the screen: it is paged and scrolled by this.
    public var visibleRows: Int { max(1, Views.rows(self, in: viewArea)) }

    /// Where the present place is drawn.
    var viewArea: Rect { Chrome(Rect(size: size)).body }

    /// Keeps the cursor's row on the screen.
    mutating func keepInView() {
        // The sessions keep their own scrolling while another place is shown.
        let listed = max(1, SessionsView.rows(self, in: viewArea))
        list.top = top(list.top, keeping: list.cursorPlace, of: list.count, in: listed, centred: list.isFollowing)
        switch navigation.place {
        case .users:
            let rows = visibleRows
            users.top = top(users.top, keeping: users.cursorPlace, of: users.shown.count, in: rows)
            users.noteWidths(rows: rows)
        case .nodes:
            fleet.top = top(fleet.top, keeping: fleet.cursorPlace, of: fleet.nodes.count, in: visibleRows)
        case .audit:
            audit.top = top(audit.top, keeping: audit.cursorPlace, of: audit.shown.count, in: visibleRows)
        case .result(let job):
            resultTop = top(resultTop, keeping: resultPlace, of: jobs[job]?.lines.count ?? 0, in: visibleRows)
        case .sessions: list.noteWidths(rows: listed)
        case .inspect, .stats: break
        }
    }

    private func top(_ top: Int, keeping place: Int, of count: Int, in rows: Int, centred: Bool = false) -> Int {
        let wanted = centred ? place - rows / 2 : min(max(top, place - rows + 1), place)
        return min(max(wanted, 0), max(0, count - rows))
    }
}
