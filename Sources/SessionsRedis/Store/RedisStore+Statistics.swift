public import Sessions

/// Counting.
extension RedisStore {
    /// Counts over the whole store, in one pass over the rows.
    public func statistics(at now: Timestamp) async throws -> StoreStatistics {
        var counter = StatisticsCounter(now: now)
        try await forEachRow { _, row, book in counter.count(row, cut: book.end(row)) }
        return counter.statistics
    }
}
