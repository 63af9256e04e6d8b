internal import GRDB
internal import GRDBSQLite
internal import Sessions

/// Being woken when the feed grows.
extension SQLiteStore {
    /// SQLite tells other processes of nothing, so their commits are looked for so often while the log is written to.
    ///
    /// A look is one row by its key, without waiting for any writer.
    static let newsInterval = Duration.milliseconds(10)

    /// So many looks follow a write to the log: it may become a commit only when it has reached the disk.
    static let looksAfterWrite = 5

    /// Wakes whoever follows the feed: at once after a commit of this store, within milliseconds after one of another
    /// process or handle.
    ///
    /// Costs nothing while nobody writes to the file, where the system can watch it.
    ///
    /// - Returns: a sequence that never ends by itself.
    public func feedNews() -> AsyncStream<Void> {
        news.follow { await self.watchLog() }
    }

    private func watchLog() async {
        guard let log = try? readers.one({ $0.logPath }), let watch = LogWatch(path: log) else {
            return await look(times: .max)
        }
        for await _ in watch.writes {
            // Armed first, so that nothing is overlooked that is written meanwhile.
            await look(times: watch.arm() ? Self.looksAfterWrite : .max)
        }
    }

    private func look(times: Int) async {
        for _ in 0..<times {
            // A file that can't be read now is the polls' concern.
            if let positions = try? readers.one({ try $0.positions(of: namespaceNumber) }) {
                news.tell(upTo: positions.feedEnd)
            }
            guard (try? await time.sleep(time.monotonic() + Self.newsInterval)) != nil else { return }
        }
    }
}

extension Database {
    /// Where SQLite keeps the write-ahead log: beside the file itself, wherever links lead to it.
    fileprivate var logPath: String? {
        sqlite3_db_filename(sqliteConnection, "main").map { String(cString: $0) + "-wal" }
    }
}
