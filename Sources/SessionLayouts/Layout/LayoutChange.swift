public import Sessions

/// What a store has to do for a revoke or an extend: all of one change, or nothing.
public enum LayoutChange: Sendable, Equatable {
    /// Delete keys together; the first is the session's, and says whether it was there.
    case deleteKeys([[UInt8]])
    /// Delete the row with a key, and every row of another table that belongs to it.
    case deleteRow(key: [UInt8])
    /// Let a key that has a life live until a moment, unless it lives longer.
    case expireKey([UInt8], until: Timestamp, replacing: Replacement?)
    /// Give columns of a row other values, where all still have those that were read.
    case setColumns(key: [UInt8], [ColumnChange])
    /// End a session of Spring's indexed repository.
    case endSpring(SpringEnd)
    /// Move the deadline of a session of Spring's, where it still is the one that was read.
    case moveSpring(SpringMove)

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

    /// Whether it may leave something behind that ``LayoutSource/tidy(after:)`` removes.
    var leavesTraces: Bool { if case .endSpring(let end) = self { end.users != nil } else { false } }
}

/// Changing what lies in a store.
extension Layout {
    /// What ends a session, as the framework itself ends one.
    ///
    /// - Parameters:
    ///   - record: the session as it was read.
    ///   - user: whose it is.
    /// - Returns: the change.
    /// - Throws: ``SessionsError`` with `unsupported` where this session can't be ended.
    public func removal(of record: LayoutRecord, user: String?) throws -> LayoutChange {
        switch (record, place) {
        case (.key(let record), .keys(let keys)): return .deleteKeys(keys.keys(endedWith: record.key))
        case (.hash(let record), .spring(let place)): return try springEnd(record, place, user: user)
        case (.row(let record), .table(let table)):
            guard let active = table.active else { return .deleteRow(key: record.key) }
            let old = record[active]
            return .setColumns(key: record.key, [.init(name: active, old: old, new: old.cleared)])
        case (.key, _), (.hash, _), (.row, _):
            throw SessionsError(.unsupported, "\(name) has no such sessions")
        }
    }

    /// The first moment from a wanted one on that can be written: some layouts count whole seconds of their own.
    func writable(_ moment: Timestamp, for record: LayoutRecord) -> Timestamp {
        guard let seen = seen(record) else { return moment }
        return seen + .seconds(IntervalRule.seconds(from: seen, to: moment))
    }

    /// When a session was last used, where its deadline is counted from then.
    private func seen(_ record: LayoutRecord) -> Timestamp? {
        switch (record, place) {
        case (.hash(let record), .spring): return SpringTimes(record)?.seen
        case (.row(let record), .table(let table)):
            guard case .interval(let seen, _, _) = table.expiry else { return nil }
            return record[seen].number.map(Timestamp.init(milliseconds:))
        case (.key, _), (.hash, _), (.row, _): return nil
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
        case (.hash(let record), .spring(let place)): return try springMove(record, place, to: moment)
        case (.row(let record), .table(let table)):
            if let changes = try moves(record, table, to: moment) {
                return .setColumns(key: record.key, changes)
            }
        case (.key, _), (.hash, _), (.row, _): break
        }
        throw SessionsError(.unsupported, "\(name) keeps no deadline that could be moved")
    }

    private func move(_ record: KeyRecord, to moment: Timestamp) throws -> LayoutChange {
        guard embedded != .none else { return .expireKey(record.key, until: moment, replacing: nil) }
        let new = try moved(record.value, to: moment)
        let replacement = record.value.flatMap { old in new.map { LayoutChange.Replacement(old: old, new: $0) } }
        return .expireKey(record.key, until: moment, replacing: replacement)
    }

    private func moves(
        _ record: RowRecord, _ table: TablePlace, to moment: Timestamp
    ) throws -> [LayoutChange.ColumnChange]? {
        func change(_ name: String, _ clock: ColumnClock, _ new: Timestamp) throws -> LayoutChange.ColumnChange {
            .init(name: name, old: record[name], new: try clock.value(new, inPlaceOf: record[name]))
        }
        switch table.expiry {
        case .never: return nil
        case .sinceUse(let name, let clock): return try lifetime.map { [try change(name, clock, moment - $0)] }
        case .interval(let seen, let seconds, let end):
            guard let used = record[seen].number.map(Timestamp.init(milliseconds:)) else { return nil }
            let interval = IntervalRule.seconds(from: used, to: moment)
            guard Int32(exactly: interval) != nil else { return nil }
            return [
                .init(name: seconds, old: record[seconds], new: .integer(interval)),
                try change(end, .milliseconds, used + .seconds(interval)),
            ]
        case .column(let name, let clock):
            let deadline = try change(name, clock, moment)
            guard let payload = table.payloadColumn, embedded != .none else { return [deadline] }
            guard let new = try moved(record[payload], to: moment) else { return [deadline] }
            return [deadline, .init(name: payload, old: record[payload], new: new)]
        }
    }

    /// A payload that keeps a deadline, too; `nil`: nothing in it has to change.
    private func moved(_ column: ColumnValue, to moment: Timestamp) throws -> ColumnValue? {
        let new = try moved(column.bytes, to: moment)
        if case .text = column { return new.map { .text($0) } }
        return new.map { .blob($0) }
    }

    private func moved(_ payload: [UInt8]?, to moment: Timestamp) throws -> [UInt8]? {
        guard let payload else {
            throw SessionsError(.unsupported, "this session's payload can't be read here: its deadline stays")
        }
        do throws(Malformed) {
            // What is no JSON by the letter was read as texts, and would be written as such.
            if embedded == .starsessions, JSONValue(parsing: payload) == nil {
                throw Malformed("can't be written again as it is")
            }
            return try embedded.moved(payload, try? self.payload.decode(payload), to: moment)
        } catch {
            throw SessionsError(.unsupported, "this session's payload \(error.reason): its deadline stays")
        }
    }
}
