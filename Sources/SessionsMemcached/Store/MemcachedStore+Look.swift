public import Sessions

/// Looking at one session.
extension MemcachedStore {
    /// One session with its payload as stored, and where it lies; `nil` where there is none.
    public func detail(_ id: IDHash) async throws -> SessionDetail? {
        guard let (item, cut) = try await whole(id, bumps: false) else { return nil }
        let payload = try StoredPayload.read(item.payload)
        return SessionDetail(
            row: item.row.listed(as: id, cut: cut), session: item.row.session(as: id, payload: payload, cut: cut),
            payload: payload, namespace: namespace, location: try await location(of: id, item))
    }

    private func location(of id: IDHash, _ item: StoredItem) async throws -> [(name: String, value: String)] {
        func moment(_ moment: Timestamp?) -> String { moment.map { "\($0) (\($0.milliseconds))" } ?? "none" }
        let key = try names.session(id)
        let lane = client.lane(of: key)
        let life: String
        switch try await lane.send(.life(key)).0 {
        case .life(let seconds): life = seconds.map { "\($0) s" } ?? "none"
        case .outcome: life = "gone"
        case let reply: throw failure(reply, lane)
        }
        let row = item.row
        return [
            ("key", String(decoding: key.bytes, as: UTF8.self)), ("server", "\(lane.address)"), ("time to live", life),
            ("namespace", namespace), ("run", Hex.encode(withUnsafeBytes(of: item.run.bigEndian) { Array($0) })),
            ("state", row.state.rawValue), ("idle deadline", moment(row.deadlines.idle)),
            ("absolute deadline", moment(row.deadlines.absolute)), ("revoked at", moment(row.revocation?.at)),
            ("epoch", "\(row.epoch)"), ("place", "\(row.place)"),
        ]
    }
}
