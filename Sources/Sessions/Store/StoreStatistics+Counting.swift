extension StoreStatistics {
    /// Adds a live session in everything but its user, whom only whoever counts can tell from those before.
    ///
    /// - Parameters:
    ///   - deadlines: when it ends by itself; `nil`: that isn't known.
    ///   - byteCount: the size of its payload as stored, in bytes; 0 where it isn't known.
    ///   - now: the moment that the counts are of.
    package mutating func addLive(_ deadlines: Deadlines?, byteCount: Int, at now: Timestamp) {
        sessions += 1
        let (bytes, isTooMany) = payloadBytes.addingReportingOverflow(max(0, byteCount))
        payloadBytes = isTooMany ? .max : bytes
        guard knowsDeadlines, let deadlines else { return }
        guard let end = deadlines.nearest?.moment else { return withoutExpiry += 1 }
        if end <= now + .seconds(300) { expiringIn5Minutes += 1 }
        if end <= now + .seconds(3600) { expiringIn1Hour += 1 }
    }
}
