public import Sessions

/// Cut-offs and the feed.
extension RedisStore {
    /// Sets a cut-off.
    ///
    /// A user's live rows are marked as well, so that whoever follows the changes sees them end.
    public func cutOff(_ scope: CutoffScope, by: String, reason: String?, at now: Timestamp) async throws -> Cutoff {
        let done = try await cutOff(scope, Revocation(at: now, by: by, reason: reason), ticket: nil)
        return Cutoff(scope: scope, notBefore: now, epoch: done.position)
    }

    /// Denies single tokens; beyond 250, in several steps.
    public func deny(_ denials: [TokenDenial], at now: Timestamp) async throws -> FeedPosition {
        try await deny(denials, at: now, ticket: nil)
    }

    /// All cut-offs in force, and the feed's position they were read at.
    public func cutoffs() async throws -> (cutoffs: [Cutoff], position: FeedPosition) {
        // The position first: one that is set between is among the cut-offs, and in the feed after the position.
        let end = try await positions().feedEnd
        return (try CutoffBook(try await pairs(of: "cutoffs")).inForce(), end)
    }

    /// Reads the feed past a position, in order.
    public func feed(after position: FeedPosition, limit: Int) async throws -> FeedPage {
        var reply = try await run(StoreScripts.feed) {
            $0.add(position.value)
            $0.add(limit > Int(Int32.max) ? -1 : Int64(max(0, limit)))
        }
        var page = FeedPage(entries: [], end: .start, start: try reply.position())
        page.end = try reply.position()
        // So large that nobody has counted so far: whatever is reckoned from it would overflow.
        guard page.start >= .start, page.start <= page.end, page.end.value < .max / 2 else {
            throw PackedReader.corrupt
        }
        page.generation = UInt64(clamping: try reply.integer())
        let first = max(position, page.start).value &+ 1
        while reply.left > 0 {
            let number = FeedPosition(first &+ Int64(page.entries.count))
            page.entries.append(try FeedEntry(try reply.data(), at: number))
        }
        return page
    }

    /// Begins a new generation of copies in shared caches, unless a later one has begun already.
    public func beginGeneration(after known: UInt64, at now: Timestamp) async throws -> UInt64 {
        var reply = try await run(StoreScripts.beginGeneration) {
            $0.add(Int64(clamping: known))
            $0.add(Int64(clamping: UInt64.generation(after: known, at: now)))
        }
        return UInt64(clamping: try reply.integer())
    }
}

extension RedisStore {
    /// Sets a cut-off; answers the feed's position, and the sessions of the user that were live.
    func cutOff(
        _ scope: CutoffScope, _ revocation: Revocation, ticket: OrderTicket?
    ) async throws -> (position: FeedPosition, ended: [IDHash]) {
        var reply = try await run(StoreScripts.cutOff) {
            $0.add(scope.kind)
            $0.add(scope.key)
            $0.add(revocation)
            $0.add(ticket)
        }
        let position = try reply.position()
        var ended: [IDHash] = []
        while reply.left > 0 { ended.append(try reply.id()) }
        return (position, ended)
    }

    /// Denies tokens; answers the feed's position.
    func deny(_ denials: [TokenDenial], at now: Timestamp, ticket: OrderTicket?) async throws -> FeedPosition {
        var position = FeedPosition.start
        for denials in denials.isEmpty ? [[]] : denials.slices(of: Self.endedAtOnce) {
            var reply = try await run(StoreScripts.deny) {
                $0.add(now)
                $0.add(ticket)
                for denial in denials { $0.add(denial.key) }
            }
            position = try reply.position()
        }
        return position
    }

    /// What ending sessions in one step came to.
    typealias Ended = (outcomes: [(id: IDHash, user: String?, outcome: RevokeOutcome)], position: FeedPosition)

    /// Ends sessions in one step.
    func end(
        _ ids: some Collection<IDHash>, _ revocation: Revocation, ticket: OrderTicket?
    ) async throws -> Ended {
        let answer = try await run(StoreScripts.revoke) { Self.addEnd(of: ids, revocation, ticket, to: &$0) }
        return try Self.ended(ids, answer)
    }

    /// What the script that ends sessions is told; its answer is for ``ended(_:_:)``.
    static func addEnd(
        of ids: some Collection<IDHash>, _ revocation: Revocation, _ ticket: OrderTicket?, to writer: inout PackedWriter
    ) {
        writer.add(revocation)
        writer.add(ticket)
        writer.add(Set(ids).count == ids.count ? 0 : 1)
        for id in ids { writer.add(id) }
    }

    /// Takes the answer of a step apart.
    static func ended(_ ids: some Collection<IDHash>, _ reply: PackedReader) throws -> Ended {
        var reply = reply
        let (position, letters) = (try reply.position(), try reply.data())
        guard letters.count == ids.count else { throw PackedReader.corrupt }
        let outcomes = try zip(ids, letters).map { id, letter in
            (id, try reply.optionalText(), try reply.revokeOutcome(letter))
        }
        return (outcomes, position)
    }

    /// Where the feed and the changes stand.
    func positions() async throws -> (feedEnd: FeedPosition, changeEnd: Int64) {
        let words = ["feedEnd", "changeEnd"].map { [UInt8].word($0) }
        let reply = try await send([[.word("HMGET"), keys.own("meta")] + words])
        let numbers = reply.first?.elements?.map { $0.integer ?? 0 } ?? []
        guard numbers.count == 2 else { throw PackedReader.corrupt }
        return (FeedPosition(numbers[0]), numbers[1])
    }
}

extension PackedReader {
    /// What a revoke found, after its letter.
    fileprivate mutating func revokeOutcome(_ letter: UInt8) throws -> RevokeOutcome {
        if letter == UInt8(ascii: "l") { return .revoked }
        guard letter == UInt8(ascii: "r") else {
            let moment = try optionalMoment()
            _ = (try optionalText(), try optionalText())
            switch letter {
            case UInt8(ascii: "e"): return .expired(at: moment)
            case UInt8(ascii: "n"): return .notFound
            default: throw Self.corrupt
            }
        }
        return .alreadyRevoked(try optionalRevocation())
    }
}
