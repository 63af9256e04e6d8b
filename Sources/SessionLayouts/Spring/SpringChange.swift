public import Sessions

/// The end of a session of Spring's indexed repository, as the repository itself ends one: the hash stays for five
/// minutes, as one that has ended, for those who listen and for a request that is being served.
public struct SpringEnd: Sendable, Equatable {
    /// The hash, the key whose end is waited for, the sorted set of ends, the sets that the session is in, and the set
    /// of the user's sessions where there is a user.
    public let keys: [[UInt8]]
    /// What stands before the minute in the keys of the sets of ends, and before the names of the reactive sets; then, as
    /// the application's serializer writes them, the id, the member of a set of ends, and zero.
    public let arguments: [[UInt8]]
    /// Where a field may name the user, who isn't known here: what stands before the names in the keys of the sets of
    /// users' sessions, any of which may have this one.
    public let users: [UInt8]?

    /// The id, as the application's serializer writes it.
    public var id: [UInt8] { arguments[2] }
}

/// A later deadline for a session of Spring's, in every place that keeps it.
public struct SpringMove: Sendable, Equatable {
    /// The hash, and with the indexed repository: the key whose end is waited for, the sorted set of ends, the set of
    /// ends that the session is in, and the one that it will be in.
    public let keys: [[UInt8]]
    /// When it was last used and how long it lives without use, as both fields were read: they must be the same yet.
    public let old: [[UInt8]]
    /// How long it will live without use.
    public let interval: [UInt8]
    /// When it will end.
    public let until: Timestamp
    /// With the indexed repository, as the application's serializer writes them: the id, the member of a set of ends.
    public let members: [[UInt8]]
}

extension Layout {
    /// What ends a session of Spring's.
    func springEnd(_ record: HashRecord, _ place: SpringPlace, user: String?) throws -> LayoutChange {
        guard place.isIndexed else { return .deleteKeys([record.key]) }
        guard let keys = SpringKeys(hash: record.key), let seen = record[SpringPlace.seen],
            let interval = record[SpringPlace.interval], let zero = SpringValue.integer(0, like: interval)
        else { throw Self.unknownSerializer }
        let more = [keys.shadow, keys.sorted, keys.reverse] + (user.map { [keys.sessions(of: $0)] } ?? [])
        // A session that nobody has signed in to is in no user's set.
        let isUserUnknown = user == nil && SpringPlace.naming.contains { record.has($0) }
        return .endSpring(
            SpringEnd(
                keys: [keys.hash] + more,
                arguments: [keys.minutes, keys.reactiveSets] + Self.members(keys, like: seen) + [zero],
                users: isUserUnknown ? keys.users : nil))
    }

    /// What moves the deadline of a session of Spring's.
    func springMove(_ record: HashRecord, _ place: SpringPlace, to moment: Timestamp) throws -> LayoutChange {
        guard let keys = SpringKeys(hash: record.key), let seen = record[SpringPlace.seen],
            let interval = record[SpringPlace.interval], let times = SpringTimes(record), let end = times.end
        else { throw Self.unknownSerializer }
        let seconds = IntervalRule.seconds(from: times.seen, to: moment)
        guard let seconds = Int32(exactly: seconds), let new = SpringValue.integer(seconds, like: interval) else {
            throw SessionsError(.unsupported, "this session's deadline can't be so late: choose an earlier one")
        }
        let more = [keys.shadow, keys.sorted, keys.minute(of: end), keys.minute(of: moment)]
        return .moveSpring(
            SpringMove(
                keys: [keys.hash] + (place.isIndexed ? more : []), old: [seen, interval], interval: new, until: moment,
                members: place.isIndexed ? Self.members(keys, like: seen) : []))
    }

    /// The id, and what stands for the session in a set of ends.
    private static func members(_ keys: SpringKeys, like other: [UInt8]) -> [[UInt8]] {
        [Array(keys.id), Array("expires:".utf8) + keys.id].map { SpringValue.text($0, like: other) }
    }

    private static var unknownSerializer: SessionsError {
        SessionsError(.unsupported, "this session is in a serializer of the application's own: change it there")
    }
}

/// When a session of Spring's was used, and how long it lives without use.
struct SpringTimes {
    let created: Timestamp
    let seen: Timestamp
    /// Seconds; below zero: for ever.
    let interval: Int64

    /// `nil`: the fields are in a serializer of the application's own, or aren't there.
    init?(_ record: HashRecord) {
        func number(_ name: String) -> Int64? { record[name].flatMap(SpringValue.number) }
        guard let created = number(SpringPlace.created), let seen = number(SpringPlace.seen),
            let interval = number(SpringPlace.interval)
        else { return nil }
        self.created = Timestamp(milliseconds: created)
        self.seen = Timestamp(milliseconds: seen)
        self.interval = interval
    }

    /// When it ends; `nil`: never.
    var end: Timestamp? { IntervalRule.end(seen: seen, seconds: interval) }
}

/// Spring's rule: a session ends when it hasn't been used for so many seconds; below zero: never.
enum IntervalRule {
    static func end(seen: Timestamp, seconds: Int64) -> Timestamp? {
        seconds < 0 ? nil : seen + .seconds(seconds)
    }

    /// The fewest seconds after which a moment is reached.
    static func seconds(from seen: Timestamp, to moment: Timestamp) -> Int64 {
        let left = (moment - seen).wholeMilliseconds
        return left / 1000 + (left % 1000 > 0 ? 1 : 0)
    }
}
