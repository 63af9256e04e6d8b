public import Sessions

/// The question before idle deadlines are moved.
public struct ExtendDialog: Sendable, Equatable {
    /// What has the focus.
    public enum Focus: Sendable, Equatable, CaseIterable {
        /// By how much, or until when.
        case deadline
        /// The reason.
        case reason
        /// The count or the name to be typed.
        case confirmation
        /// Close without doing anything.
        case cancel
        /// Do it.
        case extend
    }

    /// The sessions.
    public var frozen: FrozenSet
    /// When the dialog opened, or its set was frozen anew.
    public var opened: Moment
    /// How it is confirmed.
    public var confirmation: Confirmation
    /// By how much, or until when: `30m`, or a time as RFC 3339 writes it.
    public var deadline = TextField("30m", limit: 40)
    /// Why; what the audit log keeps.
    public var reason = TextField(limit: Policy.reasonLimit)
    /// Whether a reason must be given.
    public var needsReason: Bool
    /// What was typed to confirm.
    public var typed = TextField(limit: 100)
    /// What has the focus.
    public var focus = Focus.deadline
    /// When Enter brought the focus to the button that does it; `nil`: it hasn't.
    public var arrived: Moment?
    /// The first line of the list on the screen.
    public var top = 0
    /// Why it was not done, when it was last tried; as that stands by now, and `nil` once nothing is in the way.
    public var problem: String?

    /// What was typed as the new deadline; `nil` where it can't be understood.
    public var newDeadline: NewDeadline? { NewDeadline(typed: deadline.text) }

    /// What would become of one of the lines.
    public func outcome(of line: FrozenSet.Line, at now: Timestamp) -> ExtendOutcome? {
        guard let newDeadline else { return nil }
        let state = line.standing(at: now)
        guard state == .live else { return .refused(state) }
        var deadlines = line.deadlines
        guard let old = deadlines.idle ?? deadlines.absolute else { return .unchanged(deadline: nil) }
        return deadlines.extend(to: newDeadline.wanted(from: old))
    }

    /// The controls that there are, in their order.
    public var controls: [Focus] {
        Focus.allCases.filter { $0 != .confirmation || confirmation.expected != nil }
    }
}

extension NewDeadline {
    /// Reads `90s`, `30m`, `2h`, `7d`, or a moment as RFC 3339 writes it; `nil` for anything else.
    init?(typed text: String) {
        if let moment = Timestamp(rfc3339: text) {
            self = .until(moment)
            return
        }
        guard let duration = DurationText.parse(text), duration > .zero, duration <= Self.longest else { return nil }
        self = .by(duration)
    }

    /// A century: whoever wants more means something else.
    static let longest = Duration.seconds(36_525 * 86_400)
}
