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
        shown = matching.sorted(by: sort, isInverted: isInverted)
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
}

extension Array where Element == UserList.User {
    /// The users in an order; ties are broken by name, by bytes.
    ///
    /// Numbers are compared before texts: 30,000 users are sorted several times a minute.
    fileprivate func sorted(by sort: UserList.Sort, isInverted: Bool) -> [UserList.User] {
        var keys = indices.map { UserSortKey(self[$0], sort, place: $0) }
        keys.sort { first, second in
            let (a, b) = isInverted ? (second, first) : (first, second)
            if a.numbers != b.numbers { return a.numbers < b.numbers }
            return UserKey(self[a.place].name) < UserKey(self[b.place].name)
        }
        return keys.map { self[$0.place] }
    }
}

/// What users are compared by: the figure, then whether there is a name, then the beginning of the name.
private struct UserSortKey {
    var figure: Int64
    var hasName: UInt64
    var start: UInt64
    var rest: UInt64
    var place: Int

    var numbers: (Int64, UInt64, UInt64, UInt64) { (figure, hasName, start, rest) }

    init(_ user: UserList.User, _ sort: UserList.Sort, place: Int) {
        self.place = place
        switch sort {
        case .sessions: figure = -Int64(user.sessions)
        case .seen:
            figure = user.seen.map { Int64.max.subtractingReportingOverflow($0.milliseconds).partialValue } ?? .max
        case .name: figure = 0
        }
        hasName = user.name == nil ? 0 : 1
        (start, rest) = (0, 0)
        for (index, byte) in (user.name ?? "").utf8.prefix(16).enumerated() {
            let shifted = UInt64(byte) << UInt64(56 - 8 * (index % 8))
            if index < 8 { start |= shifted } else { rest |= shifted }
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
