public import Sessions

/// The request path.
extension RedisStore {
    /// So many touches are written in one step.
    private static let touchesAtOnce = 1000

    /// Creates a session.
    ///
    /// - Throws: `SessionsError` with `idExists` where the id is taken.
    public func insert(_ session: Session) async throws {
        let payload = try StoredPayload.packed(session.payload)
        var reply = try await run(StoreScripts.insert) {
            $0.add(session.id)
            add(session, payload, to: &$0)
        }
        guard try reply.integer() == 1 else { throw SessionsError.idTaken }
    }

    /// Reads one session, with its standing at a moment.
    public func load(_ id: IDHash, at now: Timestamp) async throws -> LoadedSession? {
        guard let (row, payload, cut) = try await whole(id), let payload else { return nil }
        return LoadedSession(
            session: row.session(as: id, payload: payload, cut: cut), standing: row.standing(at: now, cut: cut))
    }

    /// Records that sessions were used; beyond a thousand, in several steps.
    public func touch(_ touches: [Touch]) async throws -> [TouchOutcome] {
        var outcomes: [TouchOutcome] = []
        outcomes.reserveCapacity(touches.count)
        for touches in touches.slices(of: Self.touchesAtOnce) {
            var reply = try await run(StoreScripts.touch) { for touch in touches { $0.add(touch) } }
            for _ in touches {
                let standing = try reply.standing()
                let deadlines = Deadlines(idle: try reply.optionalMoment(), absolute: try reply.optionalMoment())
                outcomes.append(standing == .live ? .touched(deadlines) : .refused(standing))
            }
        }
        return outcomes
    }

    /// Writes a new payload, where the session is live and has the version that was read.
    public func save(
        _ payload: Payload, of id: IDHash, replacing version: Int64, at now: Timestamp
    ) async throws -> SaveOutcome {
        let packed = try StoredPayload.packed(payload)
        var reply = try await run(StoreScripts.save) {
            $0.add(id)
            $0.add(version)
            $0.add(now)
            $0.add(packed)
            $0.add(Int64(payload.bytes.count))
        }
        let standing = try reply.standing()
        guard standing == .live, let found = try reply.optionalInteger() else { return .refused(standing) }
        return found == version ? .saved(version: version + 1) : .conflict(version: found)
    }

    /// Ends a session and creates its successor in one step.
    ///
    /// - Throws: `SessionsError` with `idExists` where the new id is taken; then the old session is untouched.
    public func rotate(
        _ id: IDHash, to successor: Session, reason: String, at now: Timestamp
    ) async throws -> RotateOutcome {
        let payload = try StoredPayload.packed(successor.payload)
        var reply = try await run(StoreScripts.rotate) {
            $0.add(id)
            $0.add(successor.id)
            add(successor, payload, to: &$0)
            $0.add(Revocation(at: now, by: "rotation", reason: reason))
        }
        guard let standing = try reply.optionalStanding() else { throw SessionsError.idTaken }
        return standing == .some(.live) ? .rotated : .refused(standing)
    }

    /// Ends one session, for good.
    public func revoke(_ id: IDHash, by: String, reason: String?, at now: Timestamp) async throws -> Revoked {
        let step = try await end([id], Revocation(at: now, by: by, reason: reason), ticket: nil)
        return Revoked(outcome: step.outcomes.first?.outcome ?? .notFound, position: step.position)
    }
}

extension RedisStore {
    /// The row, the payload, and how long their keys may live.
    private func add(_ session: Session, _ payload: [UInt8], to arguments: inout PackedWriter) {
        arguments.add(StoredRow(session).packed)
        arguments.add(payload)
        let life = session.deadlines.absolute.map {
            min(max(($0 - time.wall() + kept.tombstone).wholeMilliseconds, 1000), RedisLife.longest)
        }
        arguments.add(life ?? 0)
    }

    /// A session's row, its payload where it is there, and the cut-off that ends it; `nil` where there is no row.
    func whole(_ id: IDHash) async throws -> (row: StoredRow, payload: Payload?, cut: Revocation?)? {
        var reply = try await run(StoreScripts.load) { $0.add(id) }
        guard let row = try reply.optionalBytes() else { return nil }
        let payload = try reply.optionalBytes().map(StoredPayload.read)
        return (try StoredRow(row), payload, try reply.optionalRevocation())
    }
}

extension PackedWriter {
    fileprivate mutating func add(_ touch: Touch) {
        add(touch.id)
        add(touch.at)
        add(touch.idle)
        for text in [touch.ip, touch.agent, touch.node] { add(text) }
    }
}

extension PackedReader {
    /// How a session stood, by its letter; `nil` where there is none.
    fileprivate mutating func standing() throws -> SessionState? {
        guard let standing = try optionalStanding() else { throw Self.corrupt }
        return standing
    }

    /// How a session stood; the outer `nil` for a letter that stands for something else.
    fileprivate mutating func optionalStanding() throws -> SessionState?? {
        switch try text() {
        case "l": .some(.live)
        case "r": .some(.revoked)
        case "e": .some(.expired)
        case "n": .some(nil)
        default: nil
        }
    }
}
