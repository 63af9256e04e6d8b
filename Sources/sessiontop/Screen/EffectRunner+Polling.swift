import Dashboard
import Sessions

/// Reading the store: all rows once, then only what changed.
extension EffectRunner {
    func beginLoading(_ generation: Int) async {
        await load(generation) {
            // The position first: what changes while the pages are read is read again, never missed.
            let position = directory.capabilities.changes.isPossible ? try await directory.changePosition() : nil
            inbox.post(.loadingBegan(position, generation: generation))
            await loadPage(after: nil, limit: Polling.pageSize, generation: generation)
        }
    }

    func loadPage(after cursor: RowCursor?, limit: Int, generation: Int) async {
        await load(generation) {
            let page = try await ask(Poll.rowsName, rows: { $0.rows.count }) {
                try await directory.rows(after: cursor, limit: limit)
            }
            inbox.post(.page(page, generation: generation))
        }
    }

    private func load(_ generation: Int, _ work: () async throws -> Void) async {
        do {
            try await work()
        } catch {
            inbox.post(.loadingFailed("\(error)", generation: generation))
        }
    }

    /// Asks for everything that is due, one question after the other: a poll uses one connection at a time.
    func poll(_ poll: Poll) async {
        let began = time.monotonic()
        do {
            try await pollRows(poll)
            try await pollFleet(poll)
            if let number = poll.auditAfter {
                let entries = try await ask("audit", rows: \.count) {
                    try await directory.audit(after: number, limit: poll.auditLimit)
                }
                if !entries.isEmpty { inbox.post(.audit(entries)) }
            }
            inbox.post(.polled(took: time.monotonic() - began))
        } catch {
            inbox.post(.pollFailed("\(error)"))
        }
    }

    private func pollRows(_ poll: Poll) async throws {
        if let position = poll.changesAfter {
            let changes = try await ask(Poll.changesName, rows: { $0.rows.count }) {
                try await directory.changes(after: position, limit: poll.changeLimit)
            }
            inbox.post(.changes(changes))
        }
    }

    /// Apart from the poll: on a large store it takes seconds, and no change waits for it.
    func countSessions() async {
        do {
            let counts = try await ask(Poll.statisticsName) { try await directory.statistics(at: time.wall()) }
            inbox.post(.statistics(counts))
        } catch {
            inbox.post(.statisticsFailed("\(error)"))
        }
    }

    private func pollFleet(_ poll: Poll) async throws {
        if poll.nodes {
            inbox.post(.nodes(try await ask("nodes", rows: \.count) { try await directory.nodes() }))
        }
        if let moment = poll.samplesSince {
            let samples = try await ask("samples", rows: \.count) { try await directory.samples(since: moment) }
            if !samples.isEmpty { inbox.post(.samples(samples)) }
        }
    }
}
