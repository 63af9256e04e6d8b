internal import Screen
internal import Sessions

/// How a session stands, as every view shows it: a sign, a word and a colour that say the same.
struct SessionStanding {
    /// What an operator tells apart.
    enum Kind { case active, idle, ending, expired, revoked }

    /// How it stands.
    let kind: Kind
    private let row: SessionRow
    private let now: Timestamp
    /// Whether the store tells when its sessions end.
    private let knowsDeadlines: Bool

    /// Not used for so long, it is shown as idle.
    static let idleAfter = Duration.seconds(300)
    /// Ending within so long, it is shown as ending.
    static let endingWithin = Duration.seconds(60)

    init(_ row: SessionRow, at now: Timestamp, knowsDeadlines: Bool = true) {
        (self.row, self.now, self.knowsDeadlines) = (row, now, knowsDeadlines)
        kind =
            switch row.standing(at: now) {
            case .revoked: .revoked
            case .expired: .expired
            case .live where row.deadlines.nearest.map { $0.moment - now < Self.endingWithin } ?? false: .ending
            case .live where row.seen.map { now - $0 >= Self.idleAfter } ?? false: .idle
            case .live: .active
            }
    }

    /// Whether nobody can use it any more.
    var hasEnded: Bool { kind == .expired || kind == .revoked }

    /// Its sign.
    func sign(_ glyphs: GlyphSet) -> String {
        switch kind {
        case .active: glyphs.good
        case .idle: glyphs.resting
        case .ending: glyphs.ending
        case .expired, .revoked: glyphs.ended
        }
    }

    /// Its word.
    var word: String {
        switch kind {
        // When it was used isn't known: it is there, and that is all.
        case .active where row.seen == nil: "live"
        case .active: "active"
        case .idle: "idle"
        case .ending: "ending"
        case .expired: "expired"
        case .revoked: "revoked"
        }
    }

    /// Its colour.
    var role: Role {
        switch kind {
        case .active: .stateActive
        case .idle: .stateIdle
        case .ending: .stateExpiring
        case .expired: .stateExpired
        case .revoked: .stateRevoked
        }
    }

    /// The time that is left, and the letter of the deadline that comes first: `27m i`, `7h30m a`; or the word for how
    /// it ended.
    func timeLeft(_ glyphs: GlyphSet) -> Span {
        if hasEnded { return Span(word, role) }
        guard let (moment, kind) = row.deadlines.nearest else {
            return knowsDeadlines ? Span("never", .stateAnomalous) : Span(glyphs.unknown, .dim)
        }
        let text = "\(Format.span(moment - now)) \(kind == .idle ? "i" : "a")"
        return Span(text, self.kind == .ending ? .stateExpiring : .text)
    }
}
