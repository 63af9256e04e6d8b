internal import Screen
internal import Sessions

extension State {
    /// Shows a session in detail, masked, and asks for it.
    mutating func inspect(_ id: IDHash) -> [Effect] {
        if inspector.id != id {
            inspector.id = id
            inspector.top = 0
            mask()
        }
        inspector.content = .loading
        return [.loadDetail(id)]
    }

    mutating func showDetail(_ id: IDHash, _ content: Inspector.Content) {
        // An answer about a session that one has left meanwhile.
        guard inspector.id == id else { return }
        inspector.content = content
    }

    /// Whether detail is shown beside the table.
    public var isPaneShown: Bool { inspector.isPaneOpen && size.isWide && navigation.place.scope == .list }

    /// The reveal is on the record: the secrets are shown for a while, where their session still is.
    mutating func reveal(_ id: IDHash) {
        guard inspector.id == id else { return }
        inspector.revealedUntil = now.monotonic + Inspector.revealTime
    }

    /// Hides secrets.
    mutating func mask() { inspector.revealedUntil = nil }

    mutating func copyHandle() -> [Effect] {
        guard let id = currentSession else { return [] }
        say("copied handle s:\(id)")
        return [.copy("s:\(id)")]
    }
}
