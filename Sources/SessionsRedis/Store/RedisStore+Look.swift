public import Sessions

/// Looking at one session, at a user's, at all.
extension RedisStore {
    /// One session with its payload as stored, and where it lies; `nil` where there is none.
    ///
    /// A user without a right to payloads sees everything else.
    public func detail(_ id: IDHash) async throws -> SessionDetail? {
        guard let (row, payload, cut) = try await wholeOrRow(id) else { return nil }
        let session = row.session(as: id, payload: payload ?? .empty, cut: cut)
        return SessionDetail(
            row: row.listed(as: id, cut: cut), session: session, payload: payload, namespace: namespace,
            location: try await location(of: id, row, isPayloadKnown: payload != nil))
    }

    /// The sessions whose handle begins so, in the order of handles.
    public func find(_ prefix: HandlePrefix, limit: Int) async throws -> [IDHash] {
        guard limit > 0 else { return [] }
        let bounds = [prefix.lowerBound, prefix.upperBound].map { [UInt8(ascii: "[")] + $0.bytes }
        let reply = try await send(
            .word("ZRANGEBYLEX"), keys.own("ids"), bounds[0], bounds[1], .word("LIMIT"), .word("0"), .word("\(limit)"))
        return try reply.ids()
    }

    /// The live sessions of one user, by exact bytes, the oldest first.
    public func sessions(ofUser user: String, at now: Timestamp) async throws -> [IDHash] {
        let ids = try await send(.word("ZRANGE"), keys.user(user), .word("0"), .word("-1")).ids()
        var live: [IDHash] = []
        for ids in ids.slices(of: Self.rowsAtOnce) {
            let (rows, book) = try await read(Array(ids))
            for case (let id, let row?) in zip(ids, rows) where row.standing(at: now, cut: book.end(row)) == .live {
                live.append(id)
            }
        }
        return live
    }
}

extension RedisStore {
    /// A session whole, or without its payload where this user may not read it.
    private func wholeOrRow(_ id: IDHash) async throws -> (row: StoredRow, payload: Payload?, cut: Revocation?)? {
        do {
            return try await whole(id)
        } catch let error as SessionsError where error.code == .refused {
            let (rows, book) = try await read([id])
            return rows.first.flatMap { $0 }.map { ($0, nil, book.end($0)) }
        }
    }

    private func location(
        of id: IDHash, _ row: StoredRow, isPayloadKnown: Bool
    ) async throws -> [(name: String, value: String)] {
        func moment(_ moment: Timestamp?) -> String { moment.map { "\($0) (\($0.milliseconds))" } ?? "none" }
        let reply = try await send(.word("PTTL"), keys.row(id))
        let life: String
        switch reply {
        case .integer(let milliseconds) where milliseconds >= 0: life = "\(milliseconds) ms"
        case .integer(-1): life = "none"
        default: life = "gone"
        }
        let payload = StoreKeys.quoted(keys.payload(id))
        return [
            ("key", StoreKeys.quoted(keys.row(id))), ("time to live", life),
            ("payload", isPayloadKnown ? payload : "\(payload), not to be read by this user"),
            ("namespace", namespace), ("state", row.state.rawValue), ("idle deadline", moment(row.deadlines.idle)),
            ("absolute deadline", moment(row.deadlines.absolute)), ("revoked at", moment(row.revocation?.at)),
            ("epoch", "\(row.epoch)"), ("place", "\(row.place)"),
        ]
    }
}
