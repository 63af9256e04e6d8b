import Sessions

/// Something that happened to a session.
struct ChangeEvent: Sendable {
    /// What.
    enum Kind: String, Sendable {
        /// It is new.
        case created
        /// It was used.
        case seen
        /// Its deadline moved, and it wasn't used.
        case extended
        /// Something else of it changed.
        case changed
        /// Somebody ended it.
        case revoked
        /// It reached a deadline.
        case expired
        /// Its record is gone.
        case removed
    }

    let kind: Kind
    /// When it was noticed.
    let at: Timestamp
    let id: IDHash
    /// The session now; `nil`: it is gone.
    let row: SessionRow?

    /// Whether a filter asks for it; a session that is gone matches nothing.
    func matches(_ selection: RowSelection) -> Bool {
        row.map { selection.filter.matches($0, at: at, layout: selection.layout) } ?? false
    }

    /// The event as a line of JSON.
    func json(layout: String) -> JSONValue {
        let session =
            row.map { SessionLine(row: $0, now: at, layout: layout).members } ?? [
                .init("handle", .string("\(id.handle)"))
            ]
        return .object([.init("event", .string(kind.rawValue)), .init("at", .time(at))] + session)
    }
}
