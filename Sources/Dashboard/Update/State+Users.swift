internal import Sessions

extension State {
    /// Counts the users anew, and puts them in order: at once where there are few sessions, else as soon as no key waits.
    mutating func countUsersSoon() {
        if list.table.heldCount <= UserList.fewSessions { countUsers() }
    }

    /// When the users are to be counted anew; `nil`: nobody looks, or nothing has changed.
    var usersDue: MonotonicInstant? {
        guard navigation.place == .users, users.isOutdated else { return nil }
        return users.countedAt.map { $0 + UserList.pause } ?? now.monotonic
    }

    mutating func countUsers() {
        users.counted = list.table.users()
        users.countedAt = now.monotonic
        users.isOutdated = false
        users.arrange()
    }
}

extension UserList {
    /// Picks those that match, in order; the cursor stays on its user, or goes to whoever took their place.
    mutating func arrange() {
        let needle = TextNeedle(text)
        total = counted.count
        hasAnonymous = counted.contains { $0.name == nil }
        let matching = text.isEmpty ? counted : counted.filter { needle.isPart(of: $0.name ?? "") }
        shown = matching.sorted(by: sort, isInverted: isInverted)
        if let found = cursor.flatMap({ cursor in shown.firstIndex { UserKey($0.name) == cursor } }) {
            cursorPlace = found
        } else {
            moveCursor(to: min(cursorPlace, max(0, shown.count - 1)))
        }
    }

    /// Takes the names into account that are on the screen.
    mutating func noteWidths(rows: Int) {
        for user in shown.dropFirst(top).prefix(rows) {
            widestName = WidestTexts.grown(widestName, by: user.name?.utf8.count ?? 0) { user.name }
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
    /// By numbers as far as they go: 50,000 users are sorted several times a minute.
    fileprivate func sorted(by sort: UserList.Sort, isInverted: Bool) -> [UserList.User] {
        let keys = map { UserSortKey($0, sort) }
        let order = RadixSort.sort(
            0..<UInt32(count), depth: 3,
            key: { place, depth in
                let key = keys[Int(place)]
                return depth == 0 ? key.figure : depth == 1 ? key.start : key.rest
            },
            precedes: { UserKey(self[Int($0)].name) < UserKey(self[Int($1)].name) })
        return isInverted ? order.reversed().map { self[Int($0)] } : order.map { self[Int($0)] }
    }
}

/// What users are compared by: the figure, then the beginning of the name.
private struct UserSortKey {
    var figure: UInt64
    var start: UInt64
    var rest: UInt64

    init(_ user: UserList.User, _ sort: UserList.Sort) {
        // The most and the latest stand first; who was never seen stands last.
        figure =
            switch sort {
            case .sessions: .max - UInt64(user.sessions)
            case .seen: user.seen.map { ~UInt64(bitPattern: $0.milliseconds &- .min) } ?? .max
            case .name: 0
            }
        var name = user.name ?? ""
        (start, rest) = name.withUTF8 { (Self.word($0.prefix(8)), Self.word($0.dropFirst(8).prefix(8))) }
    }

    private static func word(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> UInt64 {
        var word: UInt64 = 0
        for byte in bytes { word = word << 8 | UInt64(byte) }
        return bytes.isEmpty ? 0 : word << UInt64(64 - 8 * bytes.count)
    }
}

extension UserKey: Comparable {
    /// By bytes; those without a user come first.
    public static func < (a: UserKey, b: UserKey) -> Bool {
        guard let first = a.name, let second = b.name else { return a.name == nil && b.name != nil }
        return first.utf8.lexicographicallyPrecedes(second.utf8)
    }
}
