internal import GRDB
internal import Sessions

/// Being woken when the feed grows.
extension SQLiteStore {
    /// SQLite tells other processes of nothing, so their commits are looked for so often.
    ///
    /// A look is one row by its key, without waiting for any writer.
    static let newsInterval = Duration.milliseconds(10)

    /// Wakes whoever follows the feed: at once after a commit of this store, within milliseconds after one of another
    /// process or handle.
    ///
    /// - Returns: a sequence that never ends by itself.
    public func feedNews() -> AsyncStream<Void> {
        news.follow { await self.keepLooking() }
    }

    private func keepLooking() async {
        while (try? await time.sleep(time.monotonic() + Self.newsInterval)) != nil {
            // A file that can't be read now is the polls' concern.
            guard let positions = try? readers.one({ try $0.positions(of: namespaceNumber) }) else { continue }
            news.tell(upTo: positions.feedEnd)
        }
    }
}
