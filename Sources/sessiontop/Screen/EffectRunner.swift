import Dashboard
import Sessions
import Synchronization

/// Runs the effects that concern the store, each in a task of its own, and posts what comes of them.
///
/// Here, and only here, read-only is enforced: whatever the screen believes, no change passes ``run(_:)``.
final class EffectRunner: Sendable {
    let directory: any SessionDirectory
    let time: TimeSource
    let inbox: Inbox
    private let readOnlyReason: String?
    let keys: KeyRing?
    /// Opening the store is not counted.
    private let toldTraffic: Mutex<StoreTraffic?>
    private let running = Mutex<[JobID: Task<Void, Never>]>([:])
    private let openStore: OpenContext?
    /// Contexts that were opened, by name, until one of them is shown.
    private let opened = Mutex<[String: ShownStore]>([:])

    /// Opens the store of a context.
    typealias OpenContext = @Sendable (_ name: String) async throws -> ShownStore

    /// Makes a runner.
    ///
    /// - Parameters:
    ///   - directory: the store.
    ///   - readOnlyReason: why nothing may be changed; `nil`: changes are allowed.
    ///   - keys: open payloads; `nil`: payloads are shown as sealed.
    ///   - time: the clocks.
    ///   - inbox: where what comes of effects is posted.
    ///   - openContext: opens the store of a context; `nil`: there are none.
    init(
        directory: any SessionDirectory, readOnlyReason: String?, keys: KeyRing?, time: TimeSource, inbox: Inbox,
        openContext: OpenContext? = nil
    ) {
        self.directory = directory
        self.readOnlyReason = readOnlyReason
        self.keys = keys
        self.time = time
        self.inbox = inbox
        openStore = openContext
        toldTraffic = Mutex(directory.traffic)
    }

    /// Starts an effect and returns at once: a key never waits for a store.
    func run(_ effect: Effect) {
        if let readOnlyReason, effect.isChange { return refuse(effect, because: readOnlyReason) }
        switch effect {
        case .beginLoading(let generation): start { await $0.beginLoading(generation) }
        case .loadPage(let cursor, let limit, let generation):
            start { await $0.loadPage(after: cursor, limit: limit, generation: generation) }
        case .poll(let poll): start { await $0.poll(poll) }
        case .countSessions: start { await $0.countSessions() }
        case .loadDetail(let id): start { await $0.loadDetail(id) }
        case .loadOutcomes(let number, let place): start { await $0.loadOutcomes(number, after: place) }
        case .loadFamilies(let ids): start { await $0.loadFamilies(ids) }
        case .revoke(let job, let target, let order): start(job) { await $0.revoke(job, target, order) }
        case .extend(let job, let ids, let deadline, let order):
            start(job) { await $0.extend(job, ids, to: deadline, order) }
        case .watchEffective(let job, let position, let durable):
            start { await $0.watchEffective(job, position, durable: durable) }
        case .recheck(let job, let ended, let after): start { await $0.recheck(job, ended, after: after) }
        case .record(let action, let target, let count, let order):
            startAwaited { await $0.record(action, target: target, count: count, order: order) }
        case .recordReturned(let ids, let target, let order):
            startAwaited { await $0.recordReturned(ids, of: target, order) }
        case .reveal(let id, let order): startAwaited { await $0.reveal(id, order) }
        case .steer(let node, let wanted, let order): startAwaited { await $0.steer(node, to: wanted, order) }
        case .export(let export, let order):
            let record = readOnlyReason == nil ? order : nil
            startAwaited { await $0.export(export, record: record) }
        case .openContext(let name): start { await $0.openContext(name) }
        case .dropContext(let name): start { $0.dropContext(name) }
        case .stop(let job): running.withLock { $0[job] }?.cancel()
        case .copy, .setTheme, .listThemes, .enterContext, .suspend, .redraw, .flushInput, .quit:
            preconditionFailure("an effect of the terminal came to the store's runner")
        }
    }

    /// Posts what a question brought, with what it cost the store; or why it brought nothing.
    func ask<Answer>(
        _ name: String, rows: (Answer) -> Int = { _ in 0 }, _ question: () async throws -> Answer
    ) async throws -> Answer {
        let began = time.monotonic()
        let answer = try await question()
        let took = time.monotonic() - began
        inbox.post(.asked(.init(name: name, rows: rows(answer), took: took, traffic: takeTraffic())))
        return answer
    }

    /// What went over the store's connections since it was last told.
    private func takeTraffic() -> StoreTraffic? {
        guard let traffic = directory.traffic else { return nil }
        return toldTraffic.withLock { told in
            defer { told = traffic }
            return told.map { traffic - $0 }
        }
    }

    private func start(_ work: @escaping @Sendable (EffectRunner) async -> Void) {
        Task { await work(self) }
    }

    /// Starts what ``Effect/isAwaited``: its end is told, whatever came of it.
    private func startAwaited(_ work: @escaping @Sendable (EffectRunner) async -> Void) {
        start { runner in
            await work(runner)
            runner.inbox.post(.finished)
        }
    }

    /// Starts a change that the operator can stop.
    private func start(_ job: JobID, _ work: @escaping @Sendable (EffectRunner) async -> Void) {
        running.withLock { running in
            running[job] = Task {
                await work(self)
                self.running.withLock { $0[job] = nil }
            }
        }
    }

    private func refuse(_ effect: Effect, because reason: String) {
        switch effect {
        case .revoke(let job, _, _), .extend(let job, _, _, _): inbox.post(.job(job, .failed(reason)))
        case .steer(let node, let wanted, _): inbox.post(.steered(node, wanted, failure: reason))
        default: inbox.post(.message(reason, .warning))
        }
        if effect.isAwaited { inbox.post(.finished) }
    }

    // MARK: Looking at another store

    /// Opens a context beside the store that is shown, which goes on meanwhile.
    func openContext(_ name: String) async {
        do {
            guard let store = try await openStore?(name) else { return }
            opened.withLock { $0[name] = store }
            inbox.post(.contextOpened(name))
        } catch {
            inbox.post(.message("ctx: \(error)", .error))
        }
    }

    /// Lets a context go that was opened and isn't to be shown; closing its store may take its time.
    func dropContext(_ name: String) { _ = takeContext(name) }

    /// Hands over a context that was opened; `nil`: none of this name was.
    func takeContext(_ name: String) -> ShownStore? { opened.withLock { $0.removeValue(forKey: name) } }

    // MARK: Looking at one session

    private func loadDetail(_ id: IDHash) async {
        do {
            let detail = try await ask("detail", rows: { $0 == nil ? 0 : 1 }) { try await directory.detail(id) }
            guard let detail else { return inbox.post(.detail(id, .gone)) }
            let payload = PayloadReading(detail, keys: keys)
            let session = InspectedSession(detail: detail, payload: view(of: payload), family: payload.family)
            let now = Moment(wall: time.wall(), monotonic: time.monotonic())
            inbox.post(.detail(id, .loaded(session, at: now)))
        } catch {
            inbox.post(.detail(id, .failed("\(error)")))
        }
    }

    func loadOutcomes(_ number: Int64, after place: Int64?) async {
        let limit = place == nil ? AuditLog.outcomeLimit : AuditLog.outcomePage
        let page = try? await readOutcomes(number, after: place, limit: limit)
        inbox.post(.outcomes(number, page?.outcomes ?? [], next: page?.next))
    }

    private func readOutcomes(_ number: Int64, after place: Int64?, limit: Int) async throws -> AuditOutcomePage? {
        try await ask("outcomes", rows: { $0?.outcomes.count ?? 0 }) {
            try await directory.auditOutcomes(of: number, after: place, limit: limit)
        }
    }

    private func view(of reading: PayloadReading) -> InspectedSession.PayloadView {
        if let note = reading.note { return .sealed(note) }
        if reading.data == .null { return .none }
        return .open(masked: reading.data.masked.lines(), full: reading.data.lines())
    }

    /// Writes what was listed into a file, and puts that on the record: what was not written doesn't stand there.
    func export(_ export: Export, record order: Order?) async {
        do {
            try await ExportFile.write(
                export, layout: directory.description.layout, at: time.wall(), outcomes: readOutcomes)
            inbox.post(.message("wrote \(export.content.title) to \(export.path)", .info))
        } catch {
            return inbox.post(.message("\(error)", .error))
        }
        guard let order else { return }
        await record(.export, target: export.auditTarget, count: export.content.sessionCount, order: order)
    }

    private func reveal(_ id: IDHash, _ order: Order) async {
        do {
            try await directory.record(.reveal, target: "s:\(id.handle)", count: 1, order: order)
            inbox.post(.revealed(id))
        } catch {
            inbox.post(.message("nothing is revealed, for it can't be put on the record: \(error)", .error))
        }
    }

    private func record(_ action: AuditAction, target: String, count: Int, order: Order) async {
        do {
            try await directory.record(action, target: target, count: count, order: order)
        } catch {
            inbox.post(.message("the audit log could not be written: \(error)", .error))
        }
    }
}
