internal import Sessions

/// Which cut-offs a namespace has, as its `meta` says.
///
/// In another past, which a server has that came back empty or took over, a cut-off may have got the same epoch: it was
/// set at another time, or for somebody else.
struct CutoffMark: Sendable, Equatable {
    /// The fields of `meta` that make it.
    static let fields = ["cutoffEnd", "cutoffAt"]

    /// The epoch of the latest that was ever set.
    private var end = FeedPosition.start
    /// When that was set, and for whom, as the script wrote it; `nil`: none was, or older versions alone have set them.
    private var latest: [UInt8]?

    /// None was ever set.
    init() {}

    /// Reads the answer to HMGET of the fields.
    ///
    /// - Throws: `SessionsError` with `corrupt`.
    init(_ answer: RESPValue) throws {
        guard let values = answer.elements, values.count == Self.fields.count else { throw PackedReader.corrupt }
        end = FeedPosition(values[0].integer ?? 0)
        latest = values[1].bytes
    }
}
