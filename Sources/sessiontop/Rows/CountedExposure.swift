import Sessions

/// The access tokens of some sessions that services go on accepting which don't follow the feed, counted from what refresh
/// families keep.
enum CountedExposure {
    /// Of more sessions nobody counts: each is a look at the store.
    static let mostSessions = 256

    /// The sentence that tells how many there are, and when the last dies.
    ///
    /// - Parameters:
    ///   - ids: the sessions, ended or not.
    ///   - open: their store, and where its keys are.
    ///   - environment: where keys and time come from.
    /// - Returns: `nil` where there are none, or nobody can count: too many sessions, or no key is here.
    /// - Throws: what the store throws, and ``SessionsError`` where the keys can't be used.
    static func note(
        for ids: [IDHash], in open: OpenStore, _ environment: CommandEnvironment
    ) async throws -> String? {
        guard ids.count <= mostSessions, let keys = try PayloadReading.keys(for: open.keysURL, environment.variable)
        else { return nil }
        var exposure = TokenExposure()
        for id in ids {
            guard let detail = try await open.directory.detail(id) else { continue }
            if let family = PayloadReading(detail, keys: keys).family { exposure.add(family.exposure) }
        }
        let count = exposure.count(at: environment.time.wall())
        guard count > 0, let end = exposure.end else { return nil }
        let tokens = count == 1 ? "1 access token still verifies" : "\(count) access tokens still verify"
        return "\(tokens) at services that don't follow the feed; the last dies at \(end.clockText)."
    }
}

extension Timestamp {
    /// The time of day in UTC: `14:05:11Z`.
    var clockText: String {
        let parts = calendarParts
        return [parts.hour, parts.minute, parts.second].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
            + "Z"
    }
}
