extension FeedEntry {
    /// Reads an entry; what it says beyond that is passed over.
    package init(_ bytes: [UInt8], at position: FeedPosition) throws {
        var reader = try PackedReader(bytes)
        let kind = try reader.text()
        let moment = try reader.moment()
        let event: Event
        switch kind {
        case "r": event = .revoked(try reader.id())
        case "c":
            let scope = try reader.scope()
            // Its own time; older versions wrote none in Redis, where it was the entry's.
            let notBefore = reader.left > 0 ? try reader.moment() : moment
            event = .cutoff(Cutoff(scope: scope, notBefore: notBefore, epoch: position))
        case "d": event = .denied(TokenDenial(key: try reader.id()))
        default: event = .unknown
        }
        self.init(position: position, event: event, at: moment)
    }
}

extension PackedReader {
    /// The scope of a cut-off.
    package mutating func scope() throws -> CutoffScope {
        guard let scope = CutoffScope(kind: try text(), key: try text()) else {
            throw SessionsError(.corrupt, "the feed holds a cut-off of an unknown kind: use a newer sessiontop")
        }
        return scope
    }
}
