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

    /// How many rows of a list the screen has room for: it is paged and scrolled by this.
    public var visibleRows: Int {
        // Header, tabs, frame, column titles, frame, crumb, message, keys.
        let frame = 8
        let above =
            switch navigation.place {
            // The user's box, and the frame under it.
            case .sessions(.user): UserBox.height(self)
            default: 0
            }
        return max(1, size.rows - frame - above)
    }

    /// Keeps the cursor's row on the screen.
    mutating func keepInView() {
        let rows = visibleRows
        list.top = top(list.top, keeping: list.cursorPlace, of: list.count, in: rows, centred: list.isFollowing)
        switch navigation.place {
        case .users:
            users.top = top(users.top, keeping: users.cursorPlace, of: users.shown.count, in: rows)
        case .nodes:
            fleet.top = top(fleet.top, keeping: fleet.cursorPlace, of: fleet.nodes.count, in: rows)
        case .audit:
            audit.top = top(audit.top, keeping: audit.cursorPlace, of: audit.shown.count, in: rows)
        case .result(let job):
            resultTop = top(resultTop, keeping: resultPlace, of: jobs[job]?.lines.count ?? 0, in: rows)
        case .sessions, .inspect, .stats: break
        }
    }

    private func top(_ top: Int, keeping place: Int, of count: Int, in rows: Int, centred: Bool = false) -> Int {
        let wanted = centred ? place - rows / 2 : min(max(top, place - rows + 1), place)
        return min(max(wanted, 0), max(0, count - rows))
    }
}
