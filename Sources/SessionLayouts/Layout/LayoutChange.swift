public import Sessions

/// What a store has to do for a revoke or an extend: all of one change, or nothing.
public enum LayoutChange: Sendable, Equatable {
    /// Delete keys together; the first is the session's, and says whether it was there.
    case deleteKeys([[UInt8]])
    /// Delete the row whose key column has this value.
    case deleteRow(table: String, column: String, key: [UInt8])
    /// Let a key that has a life live until a moment, unless it lives longer.
    case expireKey([UInt8], until: Timestamp, replacing: Replacement?)
    /// Give columns of a row other values, where all still have those that were read.
    case setColumns(table: String, column: String, key: [UInt8], [ColumnChange])

    /// A column's value that was read, and the one to write.
    public struct ColumnChange: Sendable, Equatable {
        /// The column.
        public let name: String
        /// What was read.
        public let old: ColumnValue
        /// What to write.
        public let new: ColumnValue
    }

    /// A value to put in the place of the one that was read, where it still is.
    public struct Replacement: Sendable, Equatable {
        /// The value that was read.
        public let old: [UInt8]
        /// The value to write.
        public let new: [UInt8]
    }
}

/// Changing what lies in a store.
extension Layout {
    /// What ends a session, as the framework itself ends one.
    public func removal(of key: [UInt8]) -> LayoutChange {
        switch place {
        case .keys(let keys): .deleteKeys(keys.keys(endedWith: key))
        case .table(let table): .deleteRow(table: table.table, column: table.key, key: key)
        }
    }

    /// What moves a session's deadline, in every place where it is kept.
    ///
    /// - Parameters:
    ///   - record: the session as it was read.
    ///   - moment: the new deadline.
    /// - Returns: the change.
    /// - Throws: ``SessionsError`` with `unsupported` where this session's can't be moved.
    public func move(_ record: LayoutRecord, to moment: Timestamp) throws -> LayoutChange {
        switch (record, place) {
        case (.key(let record), .keys): return try move(record, to: moment)
        case (.row(let record), .table(let table)):
            if let change = try move(record, table, to: moment) { return change }
        case (.key, .table), (.row, .keys): break
        }
        throw SessionsError(.unsupported, "\(name) keeps no deadline that could be moved")
    }

    private func move(_ record: KeyRecord, to moment: Timestamp) throws -> LayoutChange {
        guard embedded != .none else { return .expireKey(record.key, until: moment, replacing: nil) }
        let new = try moved(record.value, to: moment)
        let replacement = record.value.flatMap { old in new.map { LayoutChange.Replacement(old: old, new: $0) } }
        return .expireKey(record.key, until: moment, replacing: replacement)
    }

    private func move(_ record: RowRecord, _ table: TablePlace, to moment: Timestamp) throws -> LayoutChange? {
        guard let column = table.deadline else { return nil }
        var new = moment
        if case .sinceUse = table.expiry {
            guard let lifetime else { return nil }
            new = moment - lifetime
        }
        var changes = [
            LayoutChange.ColumnChange(name: column.name, old: record[column.name], new: column.clock.value(new))
        ]
        if let payload = try moved(record[table.payload], to: moment) {
            changes.append(.init(name: table.payload, old: record[table.payload], new: payload))
        }
        return .setColumns(table: table.table, column: table.key, key: record.key, changes)
    }

    /// A payload that keeps a deadline, too; `nil`: nothing in it has to change.
    private func moved(_ column: ColumnValue, to moment: Timestamp) throws -> ColumnValue? {
        guard embedded != .none else { return nil }
        let new = try moved(column.bytes, to: moment)
        if case .text = column { return new.map { .text($0) } }
        return new.map { .blob($0) }
    }

    private func moved(_ payload: [UInt8]?, to moment: Timestamp) throws -> [UInt8]? {
        guard let payload else {
            throw SessionsError(.unsupported, "this session's payload is too long: its deadline can't be moved here")
        }
        do {
            return try embedded.moved(payload, try? self.payload.decode(payload), to: moment)
        } catch {
            throw SessionsError(.unsupported, "this session's payload \(error.reason): its deadline stays")
        }
    }
}
