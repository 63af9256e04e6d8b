internal import Sessions

extension State {
    /// Counts the users anew, and puts them in order.
    mutating func countUsers() {
        if users.isOutdated {
            users.counted = list.table.users()
            users.isOutdated = false
        }
        users.arrange()
    }
}

extension UserList {
    /// Picks those that match, in order; the cursor stays on its user, or goes to whoever took their place.
    mutating func arrange() {
        let needle = TextNeedle(text)
        total = counted.count
        let matching = text.isEmpty ? counted : counted.filter { needle.isPart(of: $0.name ?? "") }
        shown = matching.sorted { isInverted ? precedes($1, $0) : precedes($0, $1) }
        if let found = cursor.flatMap({ cursor in shown.firstIndex { UserKey($0.name) == cursor } }) {
            cursorPlace = found
        } else {
            moveCursor(to: min(cursorPlace, max(0, shown.count - 1)))
        }
    }

    mutating func moveCursor(to place: Int) {
        cursorPlace = place
        cursor = shown.indices.contains(place) ? UserKey(shown[place].name) : nil
    }

    private func precedes(_ a: User, _ b: User) -> Bool {
        switch sort {
        case .sessions where a.sessions != b.sessions: return a.sessions > b.sessions
        case .seen where a.seen != b.seen: return (a.seen?.milliseconds ?? .min) > (b.seen?.milliseconds ?? .min)
        default: return UserKey(a.name) < UserKey(b.name)
        }
    }
}

extension UserKey: Comparable {
    /// By bytes; those without a user come first.
    public static func < (a: UserKey, b: UserKey) -> Bool {
        guard let first = a.name, let second = b.name else { return a.name == nil && b.name != nil }
        return first.utf8.lexicographicallyPrecedes(second.utf8)
    }
}
