public import Sessions

/// The question before sessions are ended.
public struct RevokeDialog: Sendable, Equatable {
    /// What the sessions of a user or everyone's are ended by.
    public enum Reach: Sendable, Equatable {
        /// Exactly the frozen sessions.
        case these
        /// The rule: every session of the user (or everyone), also one that is being made right now, by a cut-off.
        case rule
    }

    /// What has the focus.
    public enum Focus: Sendable, Equatable, CaseIterable {
        /// Whether exactly these, or the rule.
        case reach
        /// The reason.
        case reason
        /// The count or the name to be typed.
        case confirmation
        /// Close without doing anything.
        case cancel
        /// Write down what would be done, and do nothing.
        case dryRun
        /// Do it.
        case revoke
    }

    /// The sessions.
    public var frozen: FrozenSet
    /// When the dialog opened, or its set was frozen anew.
    public var opened: Moment
    /// How it is confirmed.
    public var confirmation: Confirmation
    /// Exactly these, or the rule.
    public var reach: Reach
    /// Why; what the audit log keeps.
    public var reason = TextField(limit: Policy.reasonLimit)
    /// Whether a reason must be given.
    public var needsReason: Bool
    /// What was typed to confirm.
    public var typed = TextField(limit: 100)
    /// What has the focus.
    public var focus: Focus
    /// When Enter brought the focus to the button that does it; `nil`: it hasn't.
    public var arrived: Moment?
    /// The first line of the list on the screen.
    public var top = 0
    /// Why it was not done, when it was last tried; as that stands by now, and `nil` once nothing is in the way.
    public var problem: String?
    /// What the last dry run was of; `nil`: there was none.
    public var dryRun: DryRun?

    /// What a dry run was of.
    public struct DryRun: Sendable, Equatable {
        /// What would be ended.
        public var target: RevokeTarget
        /// The reason that was given.
        public var reason: String
        /// How many sessions were live then, and would be ended.
        public var live: Int
    }

    /// The last dry run, where it was of just this; what it found may have changed since.
    public var lastTry: DryRun? { dryRun.flatMap { $0.target == target && $0.reason == reason.text ? $0 : nil } }

    /// The controls that there are, in their order.
    public var controls: [Focus] {
        Focus.allCases.filter {
            switch $0 {
            case .reach: frozen.source.hasRule
            case .confirmation: confirmation.expected != nil
            default: true
            }
        }
    }
}

extension FrozenSet.Source {
    /// Whether the sessions follow from a rule that a cut-off can express.
    public var hasRule: Bool {
        switch self {
        case .user, .everyone: true
        case .sessions, .matching: false
        }
    }
}
