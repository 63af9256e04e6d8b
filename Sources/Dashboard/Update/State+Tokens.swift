internal import Sessions

extension State {
    /// Asks for those of the user's sessions that have not been read as they stand now: a few at a time, and one
    /// question after the other.
    ///
    /// Nothing is asked for after an action that can't have changed which these are.
    mutating func readTokens(after action: Action) -> [Effect] {
        switch action {
        case .key, .polled, .families: break
        default: return []
        }
        guard case .sessions(.user(let name?)) = navigation.place, !polling.isPaused,
            store.description.layout == Self.nativeLayout
        else { return [] }
        if tokens.user != UserKey(name) { tokens = UserTokens(of: UserKey(name)) }
        guard tokens.asked.isEmpty else { return [] }
        let due = tokensDue(of: UserKey(name)).prefix(UserTokens.batch)
        tokens.asked = Dictionary(due.map { ($0.id, $0.mark) }) { first, _ in first }
        return due.isEmpty ? [] : [.loadFamilies(due.map(\.id))]
    }

    /// Only our own layout has families.
    private static let nativeLayout = "native"

    private mutating func tokensDue(of user: UserKey) -> [(id: IDHash, mark: UserTokens.Mark)] {
        let listed = (0..<min(list.count, UserTokens.limit)).compactMap { list.table.row(at: $0) }
        let ended = endings.ids(of: user, at: now.wall)
        tokens.isPartial =
            list.count > UserTokens.limit || ended.count > UserTokens.limit || endings.hasDropped
            || !list.filter.text.isEmpty
        var all = listed.map { ($0.id, UserTokens.Mark(seen: $0.seen, state: $0.state)) }
        let known = Set(all.map(\.0))
        // An ended one doesn't change any more.
        for id in ended.prefix(UserTokens.limit) where !known.contains(id) {
            all.append((id, tokens.marks[id].map { $0.state == .live ? .ended : $0 } ?? .ended))
        }
        return all.filter { tokens.marks[$0.0] != $0.1 }.map { (id: $0.0, mark: $0.1) }
    }

    /// Takes in what sessions turned out to be; answers to questions about another user are dropped.
    mutating func take(_ readings: [IDHash: UserTokens.Reading], failure: String?) {
        if let failure {
            tokens.asked = [:]
            return say("refresh families can't be read: \(failure)", .warning)
        }
        for (id, reading) in readings {
            guard let mark = tokens.asked.removeValue(forKey: id) else { continue }
            tokens.readings[id] = reading
            tokens.marks[id] = mark
        }
    }
}

extension UserTokens.Mark {
    fileprivate static let ended = UserTokens.Mark(seen: nil, state: .revoked)
}
