import Sessions

/// Sealing the payloads of a store again with the newest key, so that older ones can go.
///
/// Each is a save like any other: whoever saves meanwhile isn't overwritten.
struct PayloadRotation: Sendable {
    /// What became of a payload.
    enum Outcome: String, CaseIterable, Sendable {
        /// Sealed again.
        case resealed
        /// The newest key had sealed it.
        case current
        /// It isn't sealed, and stays so.
        case plain
        /// No key at hand opens it.
        case unreadable
        /// Its service saved again and again meanwhile.
        case busy
        /// Its session ended meanwhile, or has no payload.
        case gone
    }

    /// How many there were of each.
    private(set) var counts: [Outcome: Int] = [:]

    private static let pageSize = 512
    /// So many are on their way at once: they share the store's transactions.
    private static let width = 32
    private static let mostAttempts = 8

    /// Seals again whatever an older key has sealed, with an entry in the audit log.
    ///
    /// - Parameters:
    ///   - open: the store, open for writing.
    ///   - environment: where the keys come from.
    /// - Returns: what became of the payloads.
    /// - Throws: ``SessionsError`` where the store can't, or no key is at hand; then some may have been sealed again.
    static func run(on open: OpenStore, in environment: CommandEnvironment) async throws -> PayloadRotation {
        try open.require(open.directory.capabilities.audit, to: "seal payloads again")
        guard let store = open.directory as? any SessionStore else {
            throw SessionsError(.unsupported, "only sessions of sessiontop's own layout have payloads that are sealed")
        }
        guard let keys = try PayloadReading.keys(for: open.keysURL, environment.variable) else {
            throw SessionsError(
                .usage, "no key is here: name a file with the keys in SESSIONTOP_KEYS, the newest first")
        }
        var rotation = PayloadRotation()
        var cursor: RowCursor?
        repeat {
            let page = try await open.directory.rows(after: cursor, limit: pageSize)
            let now = environment.time.wall()
            let live = page.rows.filter { $0.standing(at: now) == .live }.map(\.id)
            try await rotation.reseal(live, PayloadSeal(open.directory, store, keys, environment.time))
            cursor = page.next
        } while cursor != nil
        try await open.directory.record(
            .reseal, target: "payloads", count: rotation.counts[.resealed] ?? 0, order: environment.order(reason: nil))
        return rotation
    }

    private mutating func reseal(_ ids: [IDHash], _ seal: PayloadSeal) async throws {
        for start in stride(from: 0, to: ids.count, by: Self.width) {
            try Task.checkCancellation()
            let outcomes = try await withThrowingTaskGroup(of: Outcome.self) { group in
                for id in ids[start..<min(start + Self.width, ids.count)] {
                    group.addTask { try await seal.renew(id, attempts: Self.mostAttempts) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for outcome in outcomes { counts[outcome, default: 0] += 1 }
        }
    }

    /// Whether older keys must stay.
    var hasLeftovers: Bool { (counts[.unreadable] ?? 0) + (counts[.busy] ?? 0) > 0 }

    /// The line that is printed.
    var json: JSONValue {
        .object(Outcome.allCases.map { .init($0.rawValue, .integer(counts[$0] ?? 0)) })
    }
}

/// Opens payloads with whichever key they were sealed with, and seals them with the newest.
private struct PayloadSeal: Sendable {
    private let directory: any SessionDirectory
    private let store: any SessionStore
    private let keys: KeyRing
    private let time: TimeSource

    init(_ directory: any SessionDirectory, _ store: any SessionStore, _ keys: KeyRing, _ time: TimeSource) {
        (self.directory, self.store, self.keys, self.time) = (directory, store, keys, time)
    }

    func renew(_ id: IDHash, attempts: Int) async throws -> PayloadRotation.Outcome {
        for _ in 0..<attempts {
            guard let detail = try await directory.detail(id), let version = detail.version,
                let payload = detail.payload, !payload.bytes.isEmpty
            else { return .gone }
            guard let keyID = payload.keyID else { return .plain }
            guard !keyID.hasBytes(of: keys.sealingID) else { return .current }
            let sealer = PayloadSealer(keys: keys, namespace: detail.namespace)
            guard let plain = try? sealer.open(payload, id: id, version: version) else { return .unreadable }
            let sealed = try sealer.seal(plain, id: id, version: version + 1)
            switch try await store.save(sealed, of: id, replacing: version, at: time.wall()) {
            case .saved: return .resealed
            case .refused: return .gone
            case .conflict: continue
            }
        }
        return .busy
    }
}
