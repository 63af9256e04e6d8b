public import Sessions
internal import Synchronization

/// A store's sessions, joined with the balancer before its nodes: where each is sent, and where the two disagree.
///
/// Behind the store's sessions come those that the balancer binds and the store doesn't know. A revoke is the store's, and
/// unpins what it ended; nodes are the balancer's servers with what the nodes themselves have published.
public final class BalancedSessions: SessionDirectory, Sendable {
    /// Both of them.
    public let description: StoreDescription
    /// What the store can do; nodes are steered by the balancer.
    public let capabilities: Capabilities

    let balancer: HAProxySource
    let store: any SessionDirectory
    private let readings = Mutex<[UInt64: Reading]>([:])

    /// One pass over all rows.
    private struct Reading {
        let index: PinIndex
        /// Sessions of the balancer's that the store knows.
        var met: Set<IDHash> = []
    }

    /// Joins a balancer with a store.
    public init(_ balancer: HAProxySource, with store: any SessionDirectory) {
        (self.balancer, self.store) = (balancer, store)
        description = StoreDescription(
            url: "\(balancer.description.url) with \(store.description.url)",
            software: "\(store.description.software) behind \(balancer.description.software)",
            layout: store.description.layout)
        var capabilities = store.capabilities
        capabilities.changes = balancer.capabilities.changes
        capabilities.nodes = .yes
        capabilities.steering = balancer.capabilities.steering
        capabilities.pins = .yes
        self.capabilities = capabilities
    }

    // MARK: Rows

    /// A page: first the store's sessions, then those that only the balancer knows.
    public func rows(after cursor: RowCursor?, limit: Int) async throws -> RowPage {
        switch try Place(cursor) {
        case .beginning: return try await storePage(after: nil, limit: limit, reading: try await begin())
        case .store(let reading, let cursor): return try await storePage(after: cursor, limit: limit, reading: reading)
        case .balancer(let reading, let id): return try strayPage(after: id, limit: limit, reading: reading)
        }
    }

    private func begin() async throws -> UInt64 {
        let index = PinIndex(try await balancer.snapshot())
        return readings.withLock { readings in
            let number = (readings.keys.max() ?? 0) + 1
            readings[number] = Reading(index: index)
            // Whoever gave one up says nothing.
            if readings.count > 4, let oldest = readings.keys.min() { readings[oldest] = nil }
            return number
        }
    }

    private func reading(_ number: UInt64) throws -> Reading {
        guard let reading = readings.withLock({ $0[number] }) else {
            throw SessionsError(.usage, "this pass over the sessions was given up: begin with the first page")
        }
        return reading
    }

    private func storePage(after cursor: RowCursor?, limit: Int, reading number: UInt64) async throws -> RowPage {
        let index = try reading(number).index
        var page = try await store.rows(after: cursor, limit: limit)
        var met: [IDHash] = []
        for place in page.rows.indices {
            guard let bound = index.row(page.rows[place].id) else { continue }
            page.rows[place].pin = Pin(node: bound.node, hasSession: true)
            met.append(bound.id)
        }
        readings.withLock { $0[number]?.met.formUnion(met) }
        page.next = (page.next.map { Place.store(number, $0) } ?? .balancer(number, nil)).cursor
        return page
    }

    private func strayPage(after id: IDHash?, limit: Int, reading number: UInt64) throws -> RowPage {
        let reading = try reading(number)
        let snapshot = reading.index.snapshot
        var (rows, place): ([SessionRow], Int) = ([], snapshot.place(after: id))
        while place < snapshot.pins.count, rows.count < limit {
            var (row, next) = snapshot.row(at: place)
            place = next
            guard !reading.met.contains(row.id) else { continue }
            row.pin = Pin(node: row.node, hasSession: false)
            // Nobody is known to have served it.
            row.node = nil
            rows.append(row)
        }
        guard place < snapshot.pins.count, let last = rows.last else {
            readings.withLock { $0[number] = nil }
            return RowPage(rows: rows, next: nil)
        }
        return RowPage(rows: rows, next: Place.balancer(number, last.id).cursor)
    }

    /// That everything must be read again: the balancer doesn't tell what changed.
    public func changes(after position: ChangePosition, limit: Int) async throws -> RowChanges {
        RowChanges(rows: [], position: position, mustReload: true)
    }

    /// Always the same: the balancer numbers no changes.
    public func changePosition() async throws -> ChangePosition { ChangePosition(0) }
}

extension BalancedSessions {
    /// Where a page ended.
    private enum Place {
        case beginning
        case store(UInt64, RowCursor)
        case balancer(UInt64, IDHash?)

        init(_ cursor: RowCursor?) throws {
            guard let mark = cursor?.mark else {
                self = .beginning
                return
            }
            guard mark.count >= 9 else { throw SessionsError(.usage, "this is no cursor: begin with the first page") }
            let number = mark[1..<9].reduce(0) { $0 << 8 | UInt64($1) }
            let rest = Array(mark[9...])
            self = mark[0] == 0 ? .store(number, RowCursor(mark: rest)) : .balancer(number, IDHash(digest: rest))
        }

        var cursor: RowCursor? {
            func mark(_ kind: UInt8, _ number: UInt64, _ rest: [UInt8]) -> RowCursor {
                RowCursor(
                    mark: [kind] + (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) } + rest)
            }
            return switch self {
            case .beginning: nil
            case .store(let number, let cursor): mark(0, number, cursor.mark)
            case .balancer(let number, let id): mark(1, number, id?.bytes ?? [])
            }
        }
    }
}
