import ArgumentParser
import Sessions
import Synchronization
import Testing

@testable import sessiontop

@Suite("revoke")
struct RevokeTests {
    let shop: CommandShop

    init() throws { shop = try CommandShop() }

    @Test("One session ends, on record, and is followed until it is effective")
    func one() async throws {
        let id = try await shop.signIn("alice")
        let began = shop.time.now
        let result = await shop.run("revoke", "URL", "\(id.handle)", "--yes", "--reason", "INC-7")
        #expect(result.status == 0)
        #expect(shop.time.now - began >= .seconds(10), "it is looked at again after 2 s and 10 s")
        #expect(
            result.lines == [
                #"{"handle":"\#(id.handle)","user":"alice","outcome":"revoked","detail":"ended now, for good"}"#
            ])
        #expect(try await shop.standing(id) == .revoked)
        #expect(result.notes.contains { $0.hasPrefix("Effective ") })
        let entry = try #require(try await shop.audit().first)
        #expect(entry.actor == "mira@desk" && entry.reason == "INC-7" && entry.action == .revoke && entry.count == 1)
    }

    @Test("Revoking again is no failure, and says who did it and why; an unknown handle is one")
    func again() async throws {
        let id = try await shop.signIn("alice")
        _ = await shop.run("revoke", "URL", "\(id.handle)", "--yes", "--reason", "INC-7")
        let second = await shop.run("revoke", "URL", "\(id.handle)", "--yes")
        #expect(second.status == 0)
        #expect(second.objects.first?["outcome"] as? String == "alreadyRevoked")
        #expect((second.objects.first?["detail"] as? String)?.contains("by mira@desk: INC-7") == true)
        let unknown = await shop.run("revoke", "URL", "0123456789ab", "--yes")
        #expect(unknown.status == 1 && unknown.objects.first?["outcome"] as? String == "notFound")
    }

    @Test("A session that has expired is told so, and followed: by a slower clock a node may serve it yet")
    func expired() async throws {
        let id = try await shop.signIn("alice", idle: .seconds(60))
        shop.time.advance(by: .seconds(61))
        let result = await shop.run("revoke", "URL", "\(id.handle)", "--yes")
        #expect(result.status == 0 && result.objects.first?["outcome"] as? String == "expired")
        #expect(result.notes.contains { $0.hasPrefix("Effective ") })
    }

    @Test("Where nothing was ended, nothing is said to be durable, and a filter that matches nothing says so")
    func nothing() async throws {
        let id = try await shop.signIn("alice")
        let none = ["--filter", "user:bob", "--reason", "x"]
        for arguments in [["revoke", "URL", "--yes"] + none, ["revoke", "URL", "--no-wait"] + none] {
            let result = await run(arguments)
            #expect(result.status == 0 && result.lines.isEmpty && result.notes == ["0 sessions match."])
        }
        let dry = await run(["revoke", "URL", "--dry-run"] + none)
        #expect(dry.status == 0 && dry.notes.first == "0 sessions match.")
        let extended = await run(["extend", "URL", "--by", "5m", "--yes"] + none)
        #expect(extended.status == 0 && extended.notes == ["0 sessions match."])
        let arguments = ["revoke", "URL", "\(id.handle)", "--yes", "--no-wait"]
        #expect(await run(arguments).notes.contains { $0.hasPrefix("Durable.") })
        #expect(await run(arguments).notes.isEmpty, "it had been revoked before")
        let user = await run(["revoke", "URL", "--user", "bob", "--yes", "--no-wait", "--reason", "x"])
        #expect(user.notes.contains { $0.hasPrefix("Durable.") }, "a cut-off was set")
        #expect(user.status == 0 && user.notes.first == "No live session of bob was found.", "it may be mistyped")
        #expect(user.notes.contains("The cut-off is set: whatever was issued to bob before is refused."))
        let other = await run(["revoke", "URL", "--user", "carol", "--dry-run"])
        #expect(other.notes.first == "No live session of carol was found.")
    }

    @Test("A dry run changes nothing, says what is true, and stands on record")
    func dryRun() async throws {
        let (alice, bob) = (try await shop.signIn("alice"), try await shop.signIn("bob"))
        _ = try await shop.store.revoke(bob, by: "test", reason: nil, at: shop.time.now)
        let result = await shop.run("revoke", "URL", "--filter", "state:*", "--dry-run")
        #expect(result.status == 0)
        #expect(Set(result.objects.compactMap { $0["outcome"] as? String }) == ["wouldRevoke", "alreadyRevoked"])
        #expect(try await shop.standing(alice) == .live)
        #expect(try await shop.audit().map(\.action) == [.dryRun])
    }

    @Test(
        "Policy refuses, and nothing is done",
        arguments: [
            ["--user", "alice", "--yes"], ["--filter", "user:alice", "--yes"], ["--all", "--yes"],
            ["--user", "alice", "--yes", "--reason", "  "], ["--user", "alice", "--reason", "x"],
            ["--user", "alice", "--yes", "--reason", "x", "--read-only"],
        ])
    func refused(options: [String]) async throws {
        let ids = [try await shop.signIn("alice"), try await shop.signIn("alice")]
        let result = await run(["revoke", "URL"] + options)
        #expect(result.status == 77 && result.standardOutput.isEmpty)
        for id in ids { #expect(try await shop.standing(id) == .live) }
        #expect(try await shop.audit().isEmpty)
    }

    @Test(
        "Arguments that can't be used do nothing",
        arguments: [
            [], ["--filter", "ttl<"], ["--filter", ""], ["--filter", " ( ) "], ["--user", ""], ["abc"],
            ["not-a-handle"],
            ["--all", "--user", "alice"], ["012345", "--all"], ["--filter", "a", "--user", "b"],
        ])
    func unusable(options: [String]) async throws {
        let id = try await shop.signIn("alice")
        let result = await run(["revoke", "URL", "--yes", "--reason", "x"] + options)
        #expect(result.status == 64)
        #expect(try await shop.standing(id) == .live)
    }

    @Test("An ambiguous handle is refused with the candidates")
    func ambiguous() async throws {
        let ids = [try IDHash.beginning("abcdef01"), try IDHash.beginning("abcdef02")]
        for id in ids { try await shop.signIn("alice", id: id) }
        let result = await shop.run("revoke", "URL", "abcdef", "--yes")
        #expect(result.status == 64)
        for id in ids {
            #expect("\(try #require(result.error))".contains("\(id.handle)"))
            #expect(try await shop.standing(id) == .live)
        }
        #expect(await shop.run("revoke", "URL", "ABCDEF01", "--yes").status == 0)
    }

    @Test("Everything of a user, of a filter, of everyone ends, in pieces where it is much")
    func many() async throws {
        for index in 0..<1203 { try await shop.signIn("user\(index % 3)") }
        let filter = await shop.run(
            "revoke", "URL", "--filter", "user:user0 or user:user1", "--yes", "--reason", "x", "--no-wait")
        #expect(filter.lines.count == 802 && filter.status == 0)
        #expect(try await shop.store.statistics(at: shop.time.now).sessions == 401)
        let user = await shop.run("revoke", "URL", "--user", "user2", "--yes", "--reason", "x", "--no-wait")
        #expect(user.lines.count == 401)
        try await shop.signIn(nil)
        let all = await shop.run("revoke", "URL", "--all", "--yes", "--reason", "x", "--no-wait")
        #expect(all.lines.count == 1)
        #expect(try await shop.store.statistics(at: shop.time.now).sessions == 0)
        #expect(Set(filter.objects.compactMap { $0["outcome"] as? String }) == ["revoked"])
        #expect(all.notes.contains { $0.hasPrefix("Durable.") })
    }

    @Test("Whoever sits there is asked by blast radius", arguments: [(1, "y"), (3, "y"), (26, "26"), (40, "40")])
    func consent(count: Int, word: String) async throws {
        for _ in 0..<count { try await shop.signIn("alice") }
        let asked = Mutex<[String]>([])
        let arguments = ["revoke", "URL", "--user", "alice", "--reason", "x", "--no-wait"]
        for wrong in ["", "n", count > 25 ? "y" : "\(count)"] {
            let refused = await run(arguments) { _ in wrong }
            #expect(refused.status == 77)
        }
        #expect(try await shop.store.statistics(at: shop.time.now).sessions == count)
        let result = await run(arguments) { question in
            asked.withLock { $0.append(question) }
            return word
        }
        #expect(result.status == 0 && result.lines.count == count && asked.withLock { $0.count } == 1)
    }

    @Test("Filters, names and reasons may begin with a minus")
    func minus() async throws {
        let (visitor, odd) = (try await shop.signIn(nil), try await shop.signIn("-x"))
        let other = try await shop.signIn("alice")
        let done = ["--yes", "--no-wait", "--reason", "-5 chars"]
        #expect(await run(["revoke", "URL", "--filter", "-has:user"] + done).status == 0)
        #expect(await run(["revoke", "URL", "--user", "-x"] + done).status == 0)
        #expect(try await shop.standing(visitor) == .revoked)
        #expect(try await shop.standing(odd) == .revoked)
        #expect(try await shop.standing(other) == .live)
        #expect(try await shop.audit().map(\.reason) == ["-5 chars", "-5 chars"])
    }

    @Test("For everyone the store's name is asked")
    func everyone() async throws {
        try await shop.signIn("alice")
        let url = shop.url
        #expect(await run(["revoke", "URL", "--all", "--reason", "x"]) { _ in "y" }.status == 77)
        #expect(await run(["revoke", "URL", "--all", "--reason", "x"]) { _ in url }.status == 0)
    }

    @Test("A session that is live again is reported and on the record, once, and is a failure")
    func cameBack() async throws {
        let store = MemoryStore(time: shop.time.source)
        let id = SessionID().hash
        try await store.insert(Session(id: id, user: "alice", created: shop.time.now, lifetime: .office))
        let target = Target(choice: .handles, sessions: [.init(id: id, user: "alice", state: .live)])
        let output = Output(isTerminal: false, sink: { _ in }, notes: { _ in })
        let environment = CommandEnvironment(variable: { _ in nil }, time: shop.time.source, ask: nil)
        var work = RevokeWork(
            directory: RevivingDirectory(store: store, id: id), environment: environment, output: output)
        await work.revoke(target, reason: "INC-7") { #expect($0.map(\.outcome) == ["revoked"]) }
        let receipt = try #require(work.receipt)
        let returned = await work.lookAgain(since: receipt.durable)
        #expect(returned.map(\.outcome) == ["cameBack"] && work.hasFailure)
        #expect(shop.time.source.monotonic() >= receipt.durable + .seconds(2))
        let log = try await store.audit(after: 0, limit: 9)
        #expect(log.map(\.action) == [.revoke, .revoke] && log.map(\.result) == ["revoked 1", "cameBack 1"])
        #expect(log.allSatisfy { $0.target == "s:\(id.handle)" && $0.reason == "INC-7" && $0.count == 1 })
        #expect(log.last?.outcomesDigest == AuditEntry.digest(of: [AuditOutcome(id: id, word: "cameBack")]))
    }

    @Test(
        "It is said what makes it effective: leases that ran out, or that there are none",
        arguments: [(Duration.seconds(2), "the leases"), (.zero, "its own memory")])
    func causes(lease: Duration, words: String) async throws {
        let store = MemoryStore(time: shop.time.source)
        let id = SessionID().hash
        try await store.insert(Session(id: id, user: "alice", created: shop.time.now, lifetime: .office))
        try await store.publish(
            NodeReport(
                id: "web-01", started: shop.time.now, heartbeat: shop.time.now, applied: .start, lease: lease,
                counters: Counters()))
        let notes = Mutex<[String]>([])
        let output = Output(isTerminal: false, sink: { _ in }, notes: { note in notes.withLock { $0.append(note) } })
        let environment = CommandEnvironment(variable: { _ in nil }, time: shop.time.source, ask: nil)
        var work = RevokeWork(directory: store, environment: environment, output: output)
        let session = Target.Session(id: id, user: "alice", state: .live)
        await work.revoke(Target(choice: .handles, sessions: [session]), reason: nil) { _ in }
        await work.waitUntilEffective(try #require(work.receipt))
        let told = notes.withLock { $0 }
        #expect(told.count == 1 && told[0].hasPrefix("Effective ") && told[0].contains(words), "\(told)")
    }

    @Test("Where one of the two looks fails, what the other finds is told, and it is a failure", arguments: [2, 10])
    func lookFails(seconds: Int) async throws {
        let time = shop.time.source
        let store = MemoryStore(time: time)
        let ids = [SessionID().hash, SessionID().hash]
        for id in ids {
            try await store.insert(Session(id: id, user: "alice", created: shop.time.now, lifetime: .office))
        }
        let failing = time.monotonic() + .seconds(seconds)
        let directory = RevivingDirectory(
            store: store, id: ids[0],
            beforeLook: {
                if time.monotonic() == failing { throw SessionsError(.unavailable, "the test said so") }
            })
        let notes = Mutex<[String]>([])
        let output = Output(isTerminal: false, sink: { _ in }, notes: { note in notes.withLock { $0.append(note) } })
        let environment = CommandEnvironment(variable: { _ in nil }, time: time, ask: nil)
        var work = RevokeWork(directory: directory, environment: environment, output: output)
        let sessions = ids.map { Target.Session(id: $0, user: "alice", state: .live) }
        await work.revoke(Target(choice: .handles, sessions: sessions), reason: nil) { _ in }
        let receipt = try #require(work.receipt)
        let returned = await work.lookAgain(since: receipt.durable)
        #expect(returned.map(\.handle) == ["\(ids[0].handle)"] && returned.map(\.outcome) == ["cameBack"])
        #expect(work.hasFailure && work.error != nil)
        #expect(notes.withLock { $0 }.contains { $0.contains("had come back after \(seconds) s nobody can tell") })
    }

    @Test(
        "Where nodes can't be asked, that sessions ended in the store isn't said of those that came back",
        arguments: [(1, false, "Ended"), (1, true, nil), (2, true, "The others ended")] as [(Int, Bool, String?)])
    func ended(count: Int, revives: Bool, words: String?) async throws {
        let store = MemoryStore(time: shop.time.source)
        let ids = (0..<count).map { _ in SessionID().hash }
        for id in ids {
            try await store.insert(Session(id: id, user: "alice", created: shop.time.now, lifetime: .office))
        }
        let notes = Mutex<[String]>([])
        let output = Output(isTerminal: false, sink: { _ in }, notes: { note in notes.withLock { $0.append(note) } })
        let environment = CommandEnvironment(variable: { _ in nil }, time: shop.time.source, ask: nil)
        let directory = RevivingDirectory(store: store, id: revives ? ids[0] : nil)
        var work = RevokeWork(directory: directory, environment: environment, output: output)
        let sessions = ids.map { Target.Session(id: $0, user: "alice", state: .live) }
        await work.revoke(Target(choice: .handles, sessions: sessions), reason: nil) { _ in }
        let receipt = try #require(work.receipt)
        let returned = await work.lookAgain(since: receipt.durable)
        #expect(returned.count == (revives ? 1 : 0))
        work.noteEnded(returned: returned.count, unknown: "nobody says")
        let told = notes.withLock { $0 }
        let rest = " in the store; whether a node still serves them can't be known: nobody says."
        if let words { #expect(told == [words + rest]) } else { #expect(told.isEmpty) }
    }

    @Test("How many sessions ended that no line is about is said, and is no failure")
    func unlisted() async throws {
        let store = MemoryStore(time: shop.time.source)
        let directory = RevivingDirectory(store: store, onRevoke: { $0.unlisted = 300_000 })
        let notes = Mutex<[String]>([])
        let output = Output(isTerminal: false, sink: { _ in }, notes: { note in notes.withLock { $0.append(note) } })
        let environment = CommandEnvironment(variable: { _ in nil }, time: shop.time.source, ask: nil)
        var work = RevokeWork(directory: directory, environment: environment, output: output)
        await work.revoke(Target(choice: .everyone, sessions: []), reason: nil) { _ in }
        #expect(!work.hasFailure && work.receipt?.unlisted == 300_000)
        let told = notes.withLock { $0 }
        #expect(told.count == 1 && told[0].hasPrefix("300000 more sessions were revoked"))
    }

    @Test("Where the first of two pieces did not reach a node, the whole is not said to be effective")
    func unreached() async throws {
        let store = MemoryStore(time: shop.time.source)
        let sessions = (0..<600).map { _ in Target.Session(id: SessionID().hash, user: nil, state: .live) }
        let directory = RevivingDirectory(
            store: store,
            onRevoke: { receipt in
                if receipt.outcomes.first?.id == sessions[0].id { receipt.unreached = ["web-02"] }
            })
        let notes = Mutex<[String]>([])
        let output = Output(isTerminal: false, sink: { _ in }, notes: { note in notes.withLock { $0.append(note) } })
        let environment = CommandEnvironment(variable: { _ in nil }, time: shop.time.source, ask: nil)
        var work = RevokeWork(directory: directory, environment: environment, output: output)
        await work.revoke(Target(choice: .handles, sessions: sessions), reason: nil) { _ in }
        let receipt = try #require(work.receipt)
        await work.waitUntilEffective(receipt)
        #expect(work.hasFailure)
        let told = notes.withLock { $0 }
        #expect(told.count == 1 && told[0].hasPrefix("Not effective: web-02 could not be told"))
    }

    @Test("A reader that goes away doesn't stop the work")
    func brokenPipe() async throws {
        for _ in 0..<1200 { try await shop.signIn("alice") }
        let output = Output(isTerminal: false, sink: { _ in throw Output.BrokenPipe() }, notes: { _ in })
        let environment = CommandEnvironment(variable: { _ in nil }, time: shop.time.source, ask: nil)
        let arguments = ["revoke", shop.url, "--filter", "user:alice", "--yes", "--reason", "x"]
        let command = try #require(try SessionTop.parseAsRoot(arguments) as? RevokeCommand)
        try await command.run(to: output, in: environment)
        #expect(try await shop.store.statistics(at: shop.time.now).sessions == 0)
    }

    @Test("A person gets a table")
    func table() async throws {
        let id = try await shop.signIn("alice")
        let result = await shop.run("revoke", "URL", "\(id.handle)", "--yes", "--no-wait", isTerminal: true)
        #expect(result.lines.first == "HANDLE        USER   OUTCOME  DETAIL")
    }

    private func run(_ arguments: [String], answer: (@Sendable (String) -> String?)? = nil) async -> CommandShop.Result
    {
        await shop.run(arguments, answer: answer)
    }
}
