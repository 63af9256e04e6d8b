public import Sessions

/// The session that is shown in detail.
public struct Inspector: Sendable {
    /// Which; `nil`: none.
    public var id: IDHash?
    /// Whether it is open beside the table; on a screen that is not wide, detail has a place of its own.
    public var isPaneOpen = false
    /// What is known of it.
    public var content = Content.none
    /// Whether the raw record is shown instead of the arranged one.
    public var isRaw = false
    /// Lines scrolled off the top.
    public var top = 0
    /// Until when secrets are shown; `nil`: they are masked.
    public var revealedUntil: MonotonicInstant?

    /// Nothing shown.
    public init() {}

    /// Lines that one can scroll to.
    public static let lineLimit = 100_000
    /// Secrets hide themselves after this.
    public static let revealTime = Duration.seconds(30)

    /// What is known of the session.
    public enum Content: Sendable {
        /// Nothing was asked.
        case none
        /// The store was asked.
        case loading
        /// It answered.
        case loaded(InspectedSession, at: Moment)
        /// There is no such session any more.
        case gone
        /// It could not answer: why.
        case failed(String)
    }
}

/// One session in detail, and its payload as far as it can be read.
public struct InspectedSession: Sendable {
    /// What the store holds.
    public var detail: SessionDetail
    /// The payload.
    public var payload: PayloadView
    /// What the payload says where it is a refresh family's; else `nil`.
    public var family: RefreshFamilyReport?

    /// Joins them.
    public init(detail: SessionDetail, payload: PayloadView, family: RefreshFamilyReport? = nil) {
        self.detail = detail
        self.payload = payload
        self.family = family
    }

    /// A payload as it can be shown.
    public enum PayloadView: Sendable, Equatable {
        /// There is none, or the store can't show it.
        case none
        /// It is sealed, and no key is here; the reason for people.
        case sealed(String)
        /// Its lines as JSON: with secrets under masks, and in full. The second is shown only while revealed.
        case open(masked: [String], full: [String])
    }
}
