public import Sessions

/// Reading what a store gave.
extension Layout {
    /// The id of the session under a key.
    ///
    /// - Parameter key: a key, or the bytes of a key column.
    /// - Returns: `nil`: nothing of this layout lies there.
    public func id(ofKey key: [UInt8]) -> IDHash? {
        switch place {
        case .keys, .spring: keyPlace?.id(of: key).map { IDHash(hashing: $0) }
        case .table(let table):
            key.starts(with: table.idPrefix.utf8) ? IDHash(hashing: key.dropFirst(table.idPrefix.utf8.count)) : nil
        }
    }

    /// Reads a session.
    ///
    /// - Parameters:
    ///   - record: what the store gave.
    ///   - now: the moment at which it did: Redis and Memcached tell how long a key lives yet.
    /// - Returns: the session; `nil`: this is none of this layout's.
    public func read(_ record: LayoutRecord, at now: Timestamp) -> FoundSession? {
        switch (record, place) {
        case (.key(let record), .keys(let keys)): read(record, keys, at: now)
        case (.hash(let record), .spring(let place)): read(record, place)
        case (.row(let record), .table(let table)): read(record, table)
        case (.key, _), (.hash, _), (.row, _): nil
        }
    }

    private func read(_ record: KeyRecord, _ keys: KeyPlace, at now: Timestamp) -> FoundSession? {
        guard let id = keys.id(of: record.key) else { return nil }
        var found = FoundSession(key: record.key, id: id)
        decode(record.value, missing: .tooLong, into: &found)
        guard isProven(found, keys, wasRead: record.value != nil) else { return nil }
        found.row.byteCount = record.byteCount
        found.location = [("key", "\(shown(record.key, id: id))")]
        let end = record.life.map { now + $0 }
        found.location.append(("time to live", record.life.map { "\($0.wholeMilliseconds) ms" } ?? "none"))
        found.location += embedded.places(in: found.data, record.value ?? [])
        let inner = embedded.end(in: record.value ?? [])
        found.row.deadlines.idle = [end, inner].compactMap { $0 }.min()
        return found
    }

    private func read(_ record: RowRecord, _ table: TablePlace) -> FoundSession? {
        guard record.key.starts(with: table.idPrefix.utf8), record.has(table.columns) else { return nil }
        var found = FoundSession(key: record.key, id: record.key.dropFirst(table.idPrefix.utf8.count))
        let payload = record[table.payloadColumn].bytes
        if table.parts == nil || record.missing != nil {
            decode(payload, missing: record.missing, into: &found)
        } else {
            decode(record.parts, into: &found)
        }
        if table.user != nil {
            found.row.user = record[table.user].text.flatMap { $0.isEmpty ? nil : $0 }
            found.isUserUnknown = false
        }
        if table.active != nil, !record[table.active].isTrue { found.row.state = .revoked }
        found.row.ip = record[table.address].text
        found.row.agent = record[table.agent].text
        found.row.created = table.created.flatMap { $0.clock.moment(record[$0.name]) }
        found.row.seen = table.seen.flatMap { $0.clock.moment(record[$0.name]) }
        found.row.byteCount = record.byteCount
        found.location = [("table", table.table), ("column", table.key)]
        found.location += table.deadlines.map { ($0, record[$0].text ?? "NULL") }
        found.location += table.active.map { [($0, record[$0].isTrue ? "true" : "false")] } ?? []
        found.location += embedded.places(in: found.data, payload ?? [])
        found.row.deadlines.idle = idleDeadline(record, table)
        found.isEndUnknown = isEndUnknown(record, table)
        if found.isEndUnknown { found.note = found.note ?? "When it ends can't be read." }
        return found
    }

    private func isEndUnknown(_ record: RowRecord, _ table: TablePlace) -> Bool {
        switch table.expiry {
        case .column(let name, let clock), .sinceUse(let name, let clock):
            // PostgreSQL's way of saying never.
            record[name] != .null && record[name].text != "infinity" && clock.moment(record[name]) == nil
        case .interval(let seen, let seconds, _): record[seen].number == nil || record[seconds].number == nil
        case .never: false
        }
    }

    private func idleDeadline(_ record: RowRecord, _ table: TablePlace) -> Timestamp? {
        switch table.expiry {
        case .column(let name, let clock):
            clock.moment(record[name]).flatMap { moment in table.never.map { moment < $0 } ?? true ? moment : nil }
        case .interval(let seen, let seconds, _):
            if let seen = record[seen].number, let seconds = record[seconds].number {
                IntervalRule.end(seen: Timestamp(milliseconds: seen), seconds: seconds)
            } else {
                nil
            }
        case .sinceUse(let name, let clock): lifetime.flatMap { life in clock.moment(record[name]).map { $0 + life } }
        case .never: nil
        }
    }

    private func decode(_ bytes: [UInt8]?, missing: MissingPayload?, into found: inout FoundSession) {
        guard let bytes else {
            // A row may have none at all.
            guard let missing else { return found.data = .null }
            found.note = missing.note
            found.isUserUnknown = !users.isEmpty
            return
        }
        do {
            let data = try payload.decode(bytes)
            found.data = data
            found.row.user = users.lazy.compactMap { $0.user(in: data) }.first
        } catch {
            found.note = "The payload is not shown: \(error)."
            found.isSealed = error.isSealed
            found.isUserUnknown = !users.isEmpty
        }
    }

    /// Other keys may share the prefix: a payload without what each of this layout has is none.
    ///
    /// What can't be decoded may be in a serializer of the application's own, unless any prefix at all would do.
    private func isProven(_ found: FoundSession, _ keys: KeyPlace, wasRead: Bool) -> Bool {
        guard let proof else { return true }
        guard let data = found.data else { return !wasRead || found.isSealed || keys.prefix != .endingIn("") }
        return proof.isGiven(by: data)
    }

    /// The key with the id masked: in most layouts it is as good as the cookie.
    func shown(_ key: [UInt8], id: ArraySlice<UInt8>) -> String {
        JSONValue.bytes(key.dropLast(id.count)).plainText + "***"
    }
}

extension Layout.Proof {
    /// Whether a payload is of the layout.
    fileprivate func isGiven(by data: JSONValue) -> Bool {
        switch self {
        case .member(let name): data[name] != nil
        case .object: if case .object = data { true } else { false }
        }
    }
}
