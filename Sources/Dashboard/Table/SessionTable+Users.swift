public import Sessions

/// One user's live sessions, counted.
public struct UserSummary: Sendable, Equatable {
    /// The name; `nil`: the sessions without a user.
    public var name: String?
    /// Live sessions.
    public var sessions: Int
    /// When one of them was last used, as far as known.
    public var seen: Timestamp?
    /// When the first of them began, as far as known.
    public var created: Timestamp?
    /// When the first of them ends unless it is used; `nil`: none of them ever.
    public var soonestEnd: Timestamp?
    /// Different addresses among them.
    public var addresses: Int
    /// Different nodes among them.
    public var nodes: Int
}

extension SessionTable {
    /// The live sessions by user, in no order; those without a user are one of the rows.
    ///
    /// About ten milliseconds for 100,000 rows: count when the view is opened, and when rows have changed.
    ///
    /// - Parameter isWanted: whether a user is to be counted, by the bytes of the name; all of them by default.
    /// - Returns: a summary for each user.
    public func users(where isWanted: (UnsafeBufferPointer<UInt8>) -> Bool = { _ in true }) -> [UserSummary] {
        var wanted = columns.users.map(isWanted)
        wanted[0] = isWanted(UnsafeBufferPointer(start: nil, count: 0))
        let groups = UserGroups(columns, live: { wanted[Int(columns.userNumbers[$0])] && isLive($0) })
        var summaries: [UserSummary] = []
        var scratch: [Interner.Number] = []
        var start = 0
        for (user, end) in groups.ends.enumerated() where end > start {
            summaries.append(summary(of: Interner.Number(user), groups.places[start..<end], &scratch))
            start = end
        }
        return summaries
    }

    private func summary(
        of user: Interner.Number, _ places: ArraySlice<UInt32>, _ scratch: inout [Interner.Number]
    ) -> UserSummary {
        var (seen, created, end) = (Int64.min, Int64.max, Int64.max)
        for place in places {
            seen = max(seen, columns.seen[Int(place)])
            if columns.created[Int(place)] != SessionColumns.unknown {
                created = min(created, columns.created[Int(place)])
            }
            end = min(end, columns.deadline(Int(place)))
        }
        return UserSummary(
            name: columns.users.text(user), sessions: places.count,
            seen: seen == SessionColumns.unknown ? nil : Timestamp(milliseconds: seen),
            created: created == .max ? nil : Timestamp(milliseconds: created),
            soonestEnd: end == .max ? nil : Timestamp(milliseconds: end),
            addresses: Self.countDistinct(columns.ipNumbers, places, &scratch),
            nodes: Self.countDistinct(columns.nodeNumbers, places, &scratch))
    }

    private static func countDistinct(
        _ numbers: [Interner.Number], _ places: ArraySlice<UInt32>, _ scratch: inout [Interner.Number]
    ) -> Int {
        // Most users have one session or two.
        if places.count == 1, let place = places.first { return numbers[Int(place)] == 0 ? 0 : 1 }
        scratch.removeAll(keepingCapacity: true)
        for place in places where numbers[Int(place)] != 0 { scratch.append(numbers[Int(place)]) }
        scratch.sort()
        var count = 0
        for (index, number) in scratch.enumerated() where index == 0 || scratch[index - 1] != number { count += 1 }
        return count
    }
}

/// Rows grouped by user, by counting.
private struct UserGroups {
    /// The rows, user by user.
    let places: [UInt32]
    /// Where the rows of each user end, by the user's number.
    let ends: ArraySlice<Int>

    init(_ columns: SessionColumns, live isCounted: (Int) -> Bool) {
        var starts = Array(repeating: 0, count: columns.users.bound + 1)
        var live: [UInt32] = []
        for place in 0..<columns.bound where isCounted(place) {
            starts[Int(columns.userNumbers[place]) + 1] += 1
            live.append(UInt32(place))
        }
        for user in 1..<starts.count { starts[user] += starts[user - 1] }
        var places = Array(repeating: UInt32(0), count: live.count)
        for place in live {
            let user = Int(columns.userNumbers[Int(place)])
            places[starts[user]] = place
            starts[user] += 1
        }
        self.places = places
        ends = starts.dropLast()
    }
}
