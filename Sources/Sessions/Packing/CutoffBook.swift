/// All cut-offs that a store has, by scope, each scope's in the order of their epochs.
///
/// For lists, which judge many rows; one session is judged by whatever reads it.
package struct CutoffBook: Sendable {
    /// One cut-off of a scope.
    package struct Entry: Sendable {
        package var epoch: FeedPosition
        package var revocation: Revocation

        /// Pairs an epoch with who set the cut-off, when and why.
        package init(epoch: FeedPosition, revocation: Revocation) {
            (self.epoch, self.revocation) = (epoch, revocation)
        }
    }

    /// By the field of the hash that keeps them: the kind, a colon, the name's bytes.
    private var entries: [[UInt8]: [Entry]] = [:]
    /// The latest epoch of all: most sessions are younger, and then nothing need be looked up.
    package private(set) var latest = FeedPosition.start

    package init() {}

    /// Reads the fields and values of the hash.
    package init(_ pairs: [(field: [UInt8], value: [UInt8])]) throws {
        for pair in pairs {
            var reader = try PackedReader(pair.value)
            var list: [Entry] = []
            while reader.left > 0 {
                let epoch = try reader.position()
                guard let revocation = try reader.optionalRevocation() else { throw PackedReader.corrupt }
                list.append(Entry(epoch: epoch, revocation: revocation))
            }
            if let last = list.last { latest.raise(to: last.epoch) }
            entries[pair.field] = list
        }
    }

    /// Adds a cut-off, later than all that are there.
    package mutating func add(_ scope: CutoffScope, _ entry: Entry) {
        entries[Self.field(scope), default: []].append(entry)
        latest.raise(to: entry.epoch)
    }

    /// Who ended a session by a cut-off, when and why: the first after its issue that covers it; `nil` where none does.
    package func end(_ row: StoredRow) -> Revocation? { first(row)?.revocation }

    /// The epoch of the first cut-off after a session's issue that covers it.
    package func firstEpoch(_ row: StoredRow) -> FeedPosition? { first(row)?.epoch }

    private func first(_ row: StoredRow) -> Entry? {
        guard row.epoch < latest else { return nil }
        return [
            .everyone, row.tenant.map(CutoffScope.tenant), row.user.map(CutoffScope.user),
            row.client.map(CutoffScope.client),
        ].compactMap { scope in
            scope.flatMap { entries[Self.field($0)]?.first { $0.epoch > row.epoch } }
        }.min { $0.epoch < $1.epoch }
    }

    /// All of them, the earlier ones of a scope as well.
    package func all() throws -> [Cutoff] {
        try entries.flatMap { field, list -> [Cutoff] in
            let scope = try Self.scope(field)
            return list.map { Cutoff(scope: scope, notBefore: $0.revocation.at, epoch: $0.epoch) }
        }
    }

    /// The latest of each scope, in the order of their epochs.
    package func inForce() throws -> [Cutoff] {
        try entries.compactMap { field, list in
            try list.last.map {
                Cutoff(scope: try Self.scope(field), notBefore: $0.revocation.at, epoch: $0.epoch)
            }
        }.sorted { $0.epoch < $1.epoch }
    }

    private static func field(_ scope: CutoffScope) -> [UInt8] { Array("\(scope.kind):\(scope.key)".utf8) }

    private static func scope(_ field: [UInt8]) throws -> CutoffScope {
        let words = field.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        guard words.count == 2,
            let scope = CutoffScope(
                kind: String(decoding: words[0], as: UTF8.self), key: String(decoding: words[1], as: UTF8.self))
        else {
            throw SessionsError(.corrupt, "the store holds a cut-off of an unknown kind: use a newer sessiontop")
        }
        return scope
    }
}
