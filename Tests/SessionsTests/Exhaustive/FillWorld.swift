import SessionTesting

@testable import Sessions

/// By which rule a copy gets into the shared cache.
enum FillRule: String, CaseIterable, Sendable {
    /// The one that ships: over one's own lease, by ``SharedState``.
    case lease = "fill over one's own lease"
    case blind = "SET"
    case addOnly = "SET where nothing stands (NX)"
    case onlyIfNewer = "SET where nothing newer stands"
}

/// What a revoke does, in order.
enum RevokeOrder: String, CaseIterable, Sendable {
    case cacheFirst = "delete, database"
    case databaseFirst = "database, delete"
    case deleteTwice = "delete, database, delete"
    case tombstone = "database, tombstone"

    enum Step { case delete, database, bury }

    var steps: [Step] {
        switch self {
        case .cacheFirst: [.delete, .database]
        case .databaseFirst: [.database, .delete]
        case .deleteTwice: [.delete, .database, .delete]
        case .tombstone: [.database, .bury]
        }
    }
}

/// One session in a database and in a shared cache *without* the feed's help: what the rule of the fill is worth alone.
///
/// A copy that stands in the cache when the revoke is done would be served to the next reader: that is the violation.
struct FillWorld: Explorable {
    enum Filler: Hashable {
        case idle
        /// It found nothing; with the lease, where there are leases.
        case reading(UInt64)
        case filling(UInt64, version: Int?)
        case done
    }

    enum Writer: Hashable {
        case idle
        case read(Int)
        case wrote(from: Int, to: Int)
        case done
    }

    static let key = SharedKey(id: World.id, generation: 0)

    let rule: FillRule
    let order: RevokeOrder
    var evictions: Int
    var writer: Writer
    var fillers: [Filler]
    var cache = SharedState(byteLimit: 1 << 20)
    var isLive = true
    var version = 1
    var revokeSteps = 0

    init(_ rule: FillRule, _ order: RevokeOrder, evictions: Int, hasWriter: Bool, fillers: Int) {
        self.rule = rule
        self.order = order
        self.evictions = evictions
        writer = hasWriter ? .idle : .done
        self.fillers = Array(repeating: .idle, count: fillers)
    }

    private var held: SharedState.Value? { cache.entry(of: Self.key, at: Ticks.instant(0))?.value }

    var violation: Bool {
        guard revokeSteps == order.steps.count, case .live = held else { return false }
        return true
    }

    var key: [Int] {
        var numbers = [isLive ? 1 : 0, version, revokeSteps, evictions]
        switch held {
        case nil: numbers += [0, 0]
        case .live(let copy): numbers += [1, Int(copy.version)]
        case .tombstone: numbers += [2, 0]
        case .lease(let lease): numbers += [3, 1 + (fillers.firstIndex { $0.token == lease.token } ?? -1)]
        }
        switch writer {
        case .idle: numbers += [0, 0]
        case .read(let version): numbers += [1, version]
        case .wrote(let from, let to): numbers += [2, from * 10 + to]
        case .done: numbers += [3, 0]
        }
        for filler in fillers {
            switch filler {
            case .idle: numbers += [0, 0]
            case .reading: numbers += [1, 0]
            case .filling(_, let version): numbers += [2, version ?? 0]
            case .done: numbers += [3, 0]
            }
        }
        return numbers
    }

    var successors: [FillWorld] {
        var worlds: [FillWorld] = []
        func may(_ condition: Bool, _ step: (inout FillWorld) -> Void) {
            guard condition else { return }
            var world = self
            step(&world)
            worlds.append(world)
        }
        for index in fillers.indices { may(fillers[index] != .done) { $0.goOnFilling(index) } }
        may(writer != .done) { $0.goOnWriting() }
        may(revokeSteps < order.steps.count) { $0.goOnRevoking() }
        may(evictions > 0 && held != nil) {
            $0.evictions -= 1
            $0.cache.remove(Self.key)
        }
        return worlds
    }

    private mutating func goOnFilling(_ index: Int) {
        switch fillers[index] {
        case .idle: fillers[index] = look()
        case .reading(let token): fillers[index] = .filling(token, version: isLive ? version : nil)
        case .filling(let token, let version?):
            put(version, holding: token)
            fillers[index] = .done
        case .filling, .done: fillers[index] = .done
        }
    }

    private mutating func look() -> Filler {
        let mayLease = rule == .lease
        switch cache.read(Self.key, leasing: mayLease ? .seconds(3) : nil, at: Ticks.instant(0)) {
        case .leased(let lease): return .reading(lease.token)
        case .nothing: return .reading(0)
        case .live, .tombstone, .taken: return .done
        }
    }

    /// A writer saves in the database, where the session is live, and then in the cache.
    private mutating func goOnWriting() {
        switch writer {
        case .idle: writer = isLive ? .read(version) : .done
        case .read(let read):
            guard isLive, version == read else { return writer = .done }
            version += 1
            writer = .wrote(from: read, to: version)
        case .wrote(let from, let to):
            if rule == .lease {
                let copy = SharedCopy(version: Int64(to), bytes: [])
                cache.replace(Self.key, version: Int64(from), with: copy, for: .seconds(9), at: Ticks.instant(0))
            } else {
                put(to, holding: 0)
            }
            writer = .done
        case .done: break
        }
    }

    private mutating func goOnRevoking() {
        switch order.steps[revokeSteps] {
        case .delete: cache.remove(Self.key)
        case .database: isLive = false
        case .bury: cache.bury(Self.key, for: .seconds(9), at: Ticks.instant(0))
        }
        revokeSteps += 1
    }

    private mutating func put(_ version: Int, holding token: UInt64) {
        let copy = SharedCopy(version: Int64(version), bytes: [])
        switch (rule, held) {
        case (.lease, _):
            let lease = SharedLease(token: token)
            _ = cache.fill(Self.key, with: copy, holding: lease, for: .seconds(9), at: Ticks.instant(0))
        case (.blind, _), (.addOnly, nil), (.onlyIfNewer, nil): force(copy)
        case (.onlyIfNewer, .live(let old)) where old.version < copy.version: force(copy)
        case (.addOnly, _), (.onlyIfNewer, _): break
        }
    }

    /// What no rule of ours does: puts a copy in, whatever stands there.
    private mutating func force(_ copy: SharedCopy) {
        cache.remove(Self.key)
        guard case .leased(let lease) = cache.read(Self.key, leasing: .seconds(3), at: Ticks.instant(0)) else { return }
        _ = cache.fill(Self.key, with: copy, holding: lease, for: .seconds(9), at: Ticks.instant(0))
    }
}

extension FillWorld.Filler {
    fileprivate var token: UInt64? {
        switch self {
        case .reading(let token), .filling(let token, _): token
        case .idle, .done: nil
        }
    }
}
