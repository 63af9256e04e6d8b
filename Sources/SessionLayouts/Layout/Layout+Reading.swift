public import Sessions

/// Reading what a store gave.
extension Layout {
    /// The id of the session under a key.
    ///
    /// - Parameter key: a key, or the bytes of a key column.
    /// - Returns: `nil`: nothing of this layout lies there.
    public func id(ofKey key: [UInt8]) -> IDHash? {
        switch place {
        case .keys(let keys): keys.id(of: key).map { IDHash(hashing: $0) }
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
        case (.row(let record), .table(let table)): read(record, table)
        case (.key, .table), (.row, .keys): nil
        }
    }

    private func read(_ record: KeyRecord, _ keys: KeyPlace, at now: Timestamp) -> FoundSession? {
        guard let id = keys.id(of: record.key) else { return nil }
        var found = FoundSession(key: record.key, id: id)
        decode(record.value, into: &found)
        guard isProven(found) else { return nil }
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
        guard record.key.starts(with: table.idPrefix.utf8) else { return nil }
        var found = FoundSession(key: record.key, id: record.key.dropFirst(table.idPrefix.utf8.count))
        decode(record[table.payload].bytes, into: &found)
        if let user = record[table.user].text { found.row.user = user }
        found.row.ip = record[table.address].text
        found.row.agent = record[table.agent].text
        found.row.created = table.created.flatMap { $0.clock.moment(record[$0.name]) }
        found.row.seen = table.seen.flatMap { $0.clock.moment(record[$0.name]) }
        found.row.byteCount = record.byteCount
        found.location = [("table", table.table), ("column", table.key)]
        found.location += (table.deadline.map { [($0.name, record[$0.name].text ?? "NULL")] } ?? [])
        found.location += embedded.places(in: found.data, record[table.payload].bytes ?? [])
        found.row.deadlines.idle = idleDeadline(record, table)
        return found
    }

    private func idleDeadline(_ record: RowRecord, _ table: TablePlace) -> Timestamp? {
        switch table.expiry {
        case .column(let name, let clock): clock.moment(record[name])
        case .sinceUse(let name, let clock): lifetime.flatMap { life in clock.moment(record[name]).map { $0 + life } }
        case .never: nil
        }
    }

    private func decode(_ bytes: [UInt8]?, into found: inout FoundSession) {
        guard let bytes else {
            found.note = "The payload is too long to be read here."
            return
        }
        do {
            let data = try payload.decode(bytes)
            found.data = data
            found.row.user = users.lazy.compactMap { $0.user(in: data) }.first
        } catch {
            found.note = "The payload is not shown: \(error)."
        }
    }

    /// Other keys may share the prefix: a payload without what each of this layout has is none.
    private func isProven(_ found: FoundSession) -> Bool {
        guard let proof, let data = found.data else { return true }
        return data[proof] != nil
    }

    /// The key with the id masked: in most layouts it is as good as the cookie.
    private func shown(_ key: [UInt8], id: ArraySlice<UInt8>) -> String {
        JSONValue.bytes(key.dropLast(id.count)).plainText + "***"
    }
}
