public import Sessions

/// A layout that was found, and by what.
public struct LayoutMatch: Sendable {
    /// The layout; a store takes out of it what can't be done there.
    public var layout: Layout
    /// How many of the looked at were its sessions.
    public let hits: Int
    /// What was seen, for people; `nil`: the layout was asked for.
    public let evidence: String?

    init(layout: Layout, hits: Int, evidence: String?) {
        self.layout = layout
        self.hits = hits
        self.evidence = evidence
    }

    /// A layout that was asked for.
    public init(asked layout: Layout) { self.init(layout: layout, hits: 0, evidence: nil) }
}

/// Finding out which layout a store has.
extension LayoutCatalogue {
    /// So many records are enough to tell.
    public static let sampleSize = 20

    /// The layouts whose table could be this one.
    ///
    /// - Parameters:
    ///   - table: its name.
    ///   - columns: the names of its columns.
    ///   - store: the kind of database.
    /// - Returns: the layouts, in the order of the catalogue.
    public static func candidates(forTable table: String, columns: [String], in store: StoreKind) -> [Layout] {
        let known = Set(columns.map { $0.lowercased() })
        return layouts(in: store).filter { layout in
            guard case .table(let place) = layout.place else { return false }
            return place.table == table.lowercased()
                && place.knownColumns.allSatisfy { known.contains($0.lowercased()) }
        }
    }

    /// Which layout a sample is of: the one that most of its records are of, the earlier in the catalogue where two tie.
    ///
    /// - Parameters:
    ///   - sample: some records.
    ///   - candidates: the layouts that may have written them.
    ///   - now: the moment at which they were read.
    /// - Returns: the best; `nil`: none of the records is a session of any.
    public static func match(_ sample: [LayoutRecord], among candidates: [Layout], at now: Timestamp) -> LayoutMatch? {
        var best: LayoutMatch?
        for layout in candidates {
            let hits = sample.count { record in
                guard let found = layout.read(record, at: now) else { return false }
                return found.data != nil || found.isSealed
            }
            guard hits > best?.hits ?? 0 else { continue }
            let evidence = "\(hits) of \(sample.count) looked at \(layout.evidence)"
            best = LayoutMatch(layout: layout, hits: hits, evidence: evidence)
        }
        return best
    }

    /// A table that is known by its columns alone: it has no rows, or none whose payload can be read.
    ///
    /// - Parameters:
    ///   - layout: the layout.
    ///   - looked: how many rows were looked at.
    /// - Returns: the match.
    public static func match(tableOf layout: Layout, looked: Int) -> LayoutMatch {
        let rows = looked == 0 ? "without rows" : "of whose rows none of \(looked) looked at can be decoded,"
        return LayoutMatch(layout: layout, hits: 0, evidence: "a table \(rows) \(layout.evidence)")
    }
}

extension Layout {
    fileprivate var evidence: String {
        switch place {
        case .table(let table): "in \(table.table) with \(table.knownColumns.joined(separator: ", "))"
        case .spring: "under \(SpringPlace.keys.glob) with the fields of Spring Session"
        case .keys(let keys):
            "under \(keys.glob) with ids of \(keys.id.words)" + (proof.map { ", and \($0.words)" } ?? "")
        }
    }
}

extension Layout.Proof {
    fileprivate var words: String {
        switch self {
        case .member(let name): "\(name) in the payload"
        case .object: "an object as the payload"
        }
    }
}
