internal import Sessions

/// Which ids are read next in a walk through all of them: ids are asked for before they run out.
///
/// Pure: what the server answers goes in, what to ask comes out.
struct IDWalk {
    /// Asks for ids in their order.
    struct Question: Sendable {
        /// The mark behind which they lie; `nil`: from the first on.
        var last: [UInt8]?
        var limit: Int
    }

    private let sliceCount: Int
    /// Those that weren't given out yet.
    private var known: ArraySlice<IDHash> = []
    /// The last id that is known, and the last that was given out.
    private var last: [UInt8]?, given: [UInt8]?
    /// How many may still be given out.
    private var left: Int
    /// How many may still be asked for: one more, which tells whether there are more.
    private var room: Int
    /// How many the question asks for that is under way.
    private var asked = 0
    private var isAtEnd = false

    /// Begins a walk.
    ///
    /// - Parameters:
    ///   - last: the mark behind which to begin; `nil`: at the beginning.
    ///   - limit: no more than so many ids.
    ///   - sliceCount: so many are given out at once.
    init(after last: [UInt8]?, limit: Int, slice sliceCount: Int) {
        (self.last, self.sliceCount, left) = (last, sliceCount, limit)
        room = limit == .max ? limit : limit + 1
    }

    /// What to ask now, so that two slices are known at least; `nil`: nothing.
    mutating func question() -> Question? {
        guard asked == 0, !isAtEnd, room > 0, known.count < 2 * sliceCount else { return nil }
        asked = min(room, 4 * sliceCount)
        return Question(last: last, limit: asked)
    }

    /// Takes the ids that were asked for.
    mutating func take(_ ids: [IDHash]) {
        if ids.count < asked { isAtEnd = true }
        room -= ids.count
        asked = 0
        known = known + ids
        last = ids.last?.bytes ?? last
    }

    /// The next ids; `nil`: none are known, or no more are wanted.
    mutating func slice() -> [IDHash]? {
        let ids = known.prefix(min(sliceCount, left))
        guard !ids.isEmpty else { return nil }
        known = known.dropFirst(ids.count)
        left -= ids.count
        given = ids.last?.bytes
        return Array(ids)
    }

    /// Behind which mark to go on; `nil`: there is no more.
    var mark: [UInt8]? { known.isEmpty ? nil : given }
}
