public import Sessions

/// Some keys of a store, by the layouts that could have written them: to find out which layout the store has.
public struct KeySample: Sendable {
    /// So many keys are looked at.
    public static let mostKeys = 20_000

    /// How many keys were looked at.
    public private(set) var looked = 0
    private let layouts: [Layout]
    private var keys: [String: [[UInt8]]] = [:]

    /// No keys yet.
    public init(in store: StoreKind) { layouts = LayoutCatalogue.layouts(in: store) }

    /// Whether enough keys were looked at.
    public var isFull: Bool { looked >= Self.mostKeys }

    /// Looks at keys, and keeps those that could be sessions: a few for each layout.
    public mutating func look(at some: some Collection<[UInt8]>) {
        looked += some.count
        for key in some {
            for layout in layouts where layout.keyPlace?.id(of: key) != nil {
                guard keys[layout.name, default: []].count < LayoutCatalogue.sampleSize else { continue }
                keys[layout.name, default: []].append(key)
            }
        }
    }

    /// The layout that most of the kept keys' records are of, the earlier in the catalogue where two tie.
    ///
    /// - Parameters:
    ///   - now: the moment of reading.
    ///   - place: where the keys are, for errors.
    ///   - hint: what else to look at where there is no session, before the advice that always helps.
    ///   - read: reads what lies under keys of a layout.
    /// - Returns: the match.
    /// - Throws: ``SessionsError`` with `notAStore` where none is a session of any layout; what `read` throws.
    public func match(
        at now: Timestamp, in place: String, hint: String = "",
        read: (Layout, [[UInt8]]) async throws -> [LayoutRecord?]
    ) async throws -> LayoutMatch {
        var best: LayoutMatch?
        for layout in layouts {
            guard let sample = keys[layout.name] else { continue }
            let records = try await read(layout, sample).compactMap { $0 }
            guard let match = LayoutCatalogue.match(records, among: [layout], at: now), match.hits > best?.hits ?? 0
            else { continue }
            best = match
        }
        if let best { return best }
        let found =
            looked == 0
            ? "there are no keys in \(place)"
            : "none of \(looked) keys looked at in \(place) is a session of a layout that is known"
        throw SessionsError(
            .notAStore, "\(found): \(hint)see `sessiontop layouts`, and name one with --layout")
    }
}
