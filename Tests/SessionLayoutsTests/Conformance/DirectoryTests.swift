import SessionTesting
import Sessions
import Synchronization
import Testing

@testable import SessionLayouts

/// What a directory of another framework's sessions does while they come and go.
@Suite struct DirectoryTests {
    /// Sessions of PHP in memory, in the order of their keys.
    private final class Shelf: LayoutSource {
        struct State {
            var keys: Set<String> = []
            /// What the application writes between each look and each change.
            var contended: Set<String> = []
            var failures: [String: SessionsError] = [:]
            var searches = 0
            var changes = 0
        }

        let state = Mutex(State())

        func keys(after mark: [UInt8]?, limit: Int) async throws -> (keys: [[UInt8]], next: [UInt8]?) {
            state.withLock { state in
                if mark == nil { state.searches += 1 }
                let start = mark.map { String(decoding: $0, as: UTF8.self) } ?? ""
                let rest = state.keys.filter { $0 > start }.sorted()
                let page = rest.prefix(limit).map { Array($0.utf8) }
                return (page, page.count < rest.count ? page.last : nil)
            }
        }

        func records(_ keys: ArraySlice<[UInt8]>, whole: Bool) async throws -> [LayoutRecord?] {
            let held = state.withLock { $0.keys }
            return keys.map { key in
                guard held.contains(String(decoding: key, as: UTF8.self)) else { return nil }
                return .key(KeyRecord(key: key, value: [], byteCount: 0, life: .seconds(600)))
            }
        }

        func apply(_ changes: [LayoutChange]) async throws -> [Bool] {
            try changes.map { change in
                guard case .expireKey(let key, _, _) = change else { return false }
                let text = String(decoding: key, as: UTF8.self)
                return try state.withLock { state in
                    state.changes += 1
                    if let failure = state.failures[text] { throw failure }
                    return !state.contended.contains(text)
                }
            }
        }
    }

    private let shelf = Shelf()
    private let time = ManualTime()
    private let layout: Layout
    private let directory: LayoutDirectory

    init() throws {
        layout = try LayoutCatalogue.layout(named: "phpredis", in: .redis)
        directory = LayoutDirectory(
            LayoutMatch(asked: layout), in: shelf, url: "", software: "", readOnly: nil, time: time.source)
    }

    private func key(_ number: Int) -> String {
        let digits = "\(number)"
        return "PHPREDIS_SESSION:" + String(repeating: "0", count: 26 - digits.count) + digits
    }

    private func id(_ number: Int) throws -> IDHash { try #require(layout.id(ofKey: Array(key(number).utf8))) }

    private func put(_ numbers: some Sequence<Int>) {
        let keys = Set(numbers.map { key($0) })
        shelf.state.withLock { $0.keys = keys }
    }

    private func extend(_ numbers: [Int]) async throws -> [String] {
        let order = Order(actor: "test", reason: nil, at: time.now)
        return try await directory.extend(try numbers.map { try id($0) }, to: .by(.seconds(60)), order: order)
            .map(\.word)
    }

    /// Reads every row, a page of so many at a time.
    private func readAll(limit: Int) async throws -> Int {
        var (count, cursor) = (0, RowCursor?.none)
        repeat {
            let page = try await directory.rows(after: cursor, limit: limit)
            count += page.rows.count
            cursor = page.next
        } while cursor != nil
        return count
    }

    @Test("keys of sessions that are gone are forgotten, however the sessions are read", arguments: [3, 1000])
    func forgets(limit: Int) async throws {
        for pass in 0..<20 {
            put(pass * 10..<(pass + 1) * 10)
            if pass.isMultiple(of: 2) {
                #expect(try await readAll(limit: limit) == 10)
            } else {
                #expect(try await directory.statistics(at: time.now).sessions == 10)
            }
            #expect(directory.knownCount <= 20)
        }
        #expect(shelf.state.withLock { $0.searches } == 20)
        let last = try await directory.detail(try id(195))
        #expect(last != nil && shelf.state.withLock { $0.searches } == 20, "what is there is still known")
    }

    @Test("a key that was met by itself outlasts the pass that is under way")
    func metBetween() async throws {
        put(10..<30)
        let first = try await directory.rows(after: nil, limit: 5)
        // It is made where the pass has been already.
        put(0..<30)
        #expect(try await directory.detail(try id(3)) != nil)
        // Another pass begins in between.
        _ = try await directory.rows(after: nil, limit: 2)
        #expect(try await directory.rows(after: first.next, limit: 1000).next == nil)
        let searches = shelf.state.withLock { $0.searches }
        for number in [0, 1, 3] + Array(10..<30) { #expect(try await directory.detail(try id(number)) != nil) }
        #expect(shelf.state.withLock { $0.searches } == searches)
    }

    @Test("a session that is written all the time, or can't be moved, keeps no other from being extended")
    func extendsTheRest() async throws {
        put(0..<6)
        let (contended, broken) = (key(2), key(4))
        shelf.state.withLock { state in
            state.contended = [contended]
            state.failures = [broken: SessionsError(.corrupt, "it can't be read")]
        }
        #expect(
            try await extend(Array(0..<7)) == [
                "extended", "extended", "failed", "extended", "failed", "extended", "notFound",
            ])
        #expect(try await extend([2]) == ["failed"])
    }

    @Test("what would end after the year 9999 is not extended")
    func endsTooLate() async throws {
        put(0..<2)
        let ids = try (0..<2).map { try id($0) }
        let order = Order(actor: "test", reason: nil, at: time.now)
        for deadline in [NewDeadline.by(.seconds(300_000_000_000)), .until(Timestamp.lastWritable + .seconds(1))] {
            #expect(try await directory.extend(ids, to: deadline, order: order).map(\.word) == ["failed", "failed"])
        }
        #expect(shelf.state.withLock { $0.changes } == 0)
    }

    @Test("when the store goes away, what was extended by then is told, and the rest isn't tried")
    func storeGoes() async throws {
        put(0..<5)
        let third = key(2)
        shelf.state.withLock { $0.failures = [third: SessionsError(.unavailable, "the store is away")] }
        #expect(try await extend([0, 1, 2, 3, 4]) == ["extended", "extended", "failed", "failed", "failed"])
        #expect(shelf.state.withLock { $0.changes } == 3)
        await #expect(throws: SessionsError.self) { try await extend([2, 3]) }
    }

    private func recording(in log: OperatorLog) -> LayoutDirectory {
        LayoutDirectory(
            LayoutMatch(asked: layout), in: shelf, url: "", software: "", readOnly: nil, log: log, time: time.source)
    }

    @Test("what was done before the store went away is on the record, and what wasn't, too")
    func onRecord() async throws {
        try await ScratchFolder.with { folder in
            let directory = recording(in: OperatorLog(path: "\(folder)/audit.jsonl"))
            #expect(directory.capabilities.audit.isPossible)
            put(0..<4)
            let third = key(2)
            shelf.state.withLock { $0.failures = [third: SessionsError(.unavailable, "the store is away")] }
            let ids = try (0..<4).map { try id($0) }
            let order = Order(actor: "test", reason: nil, at: time.now)
            _ = try await directory.extend(ids, to: .by(.seconds(60)), order: order)
            await #expect(throws: SessionsError.self) {
                try await directory.extend([ids[2]], to: .by(.seconds(60)), order: order)
            }
            _ = try await directory.revoke(.everyone, order: order)
            let entries = try await directory.audit(after: 0, limit: 9)
            #expect(entries.map(\.result) == ["extended 2, failed 2", "failed 1", "notFound 4"])
            #expect(entries.last?.target == "everyone" && entries.last?.count == 4)
            let words = ["extended", "extended", "failed", "failed"]
            let kept = try await directory.auditOutcomes(of: 1, after: nil, limit: 9)
            #expect(kept?.outcomes == zip(ids, words).map { AuditOutcome(id: $0, word: $1) })
            #expect(await directory.takeUnrecorded().isEmpty)
        }
    }

    @Test("what was seen of sessions later stands in the log with its outcomes")
    func seenLater() async throws {
        try await ScratchFolder.with { folder in
            let directory = recording(in: OperatorLog(path: "\(folder)/audit.jsonl"))
            let outcomes = [AuditOutcome(id: try id(0), word: "cameBack")]
            let order = Order(actor: "test", reason: nil, at: time.now)
            try await directory.record(
                .revoke, target: "everyone", count: 1, result: "cameBack 1", outcomes: outcomes, order: order)
            #expect(try await directory.audit(after: 0, limit: 9).map(\.result) == ["cameBack 1"])
            #expect(try await directory.auditOutcomes(of: 1, after: nil, limit: 9)?.outcomes == outcomes)
        }
    }

    @Test("an order for many sessions has an entry for each 500")
    func manyOnRecord() async throws {
        try await ScratchFolder.with { folder in
            let directory = recording(in: OperatorLog(path: "\(folder)/audit.jsonl"))
            put(0..<1203)
            let order = Order(actor: "test", reason: nil, at: time.now)
            let receipt = try await directory.revoke(.everyone, order: order)
            #expect(receipt.outcomes.count == 1203)
            let entries = try await directory.audit(after: 0, limit: 9)
            #expect(entries.map(\.count) == [500, 500, 203] && entries.allSatisfy { $0.target == "everyone" })
            for (entry, start) in zip(entries, [0, 500, 1000]) {
                let kept = try await directory.auditOutcomes(of: entry.number, after: nil, limit: 1000)
                #expect(kept?.outcomes.map(\.id) == receipt.outcomes.dropFirst(start).prefix(500).map(\.id))
            }
        }
    }

    @Test("where nothing can be put on the record, nothing is asked of the store")
    func noRecord() async throws {
        put(0..<4)
        let ids = try (0..<4).map { try id($0) }
        let order = Order(actor: "test", reason: nil, at: time.now)
        for log in [OperatorLog(path: "/nowhere/audit.jsonl"), OperatorLog(lacking: "there is no home")] {
            let directory = recording(in: log)
            await #expect(throws: SessionsError.self) { try await directory.revoke(.everyone, order: order) }
            await #expect(throws: SessionsError.self) {
                try await directory.extend(ids, to: .by(.seconds(60)), order: order)
            }
        }
        let homeless = recording(in: OperatorLog(lacking: "there is no home"))
        #expect(!homeless.capabilities.revoke.isPossible && !homeless.capabilities.audit.isPossible)
        #expect(shelf.state.withLock { $0.changes } == 0 && shelf.state.withLock { $0.searches } == 0)
    }
}
