public import Sessions

/// The question before a node is taken out, or in again.
public struct SteerDialog: Sendable, Equatable {
    /// What has the focus.
    public enum Focus: Sendable, Equatable, CaseIterable {
        /// The reason.
        case reason
        /// The name or the count to be typed.
        case confirmation
        /// Close without doing anything.
        case cancel
        /// Do it.
        case steer
    }

    /// The node, whatever is under the cursor meanwhile.
    public var node: String
    /// What it is told.
    public var wanted: NodeOrder
    /// When the dialog opened.
    public var opened: Moment
    /// Whether a balancer is told, and not the node itself.
    public var isServer: Bool
    /// How many sessions are bound to it, or lie in its memory; `nil`: unknown.
    public var pinned: Int?
    /// When the last of them is forgotten.
    public var lastPinEnds: Timestamp?
    /// How many other nodes of its group take new sessions.
    public var others: Int
    /// How it is confirmed.
    public var confirmation: Confirmation
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
    /// Why it was not done, when it was last tried; as that stands by now, and `nil` once nothing is in the way.
    public var problem: String?

    /// The controls that there are, in their order.
    public var controls: [Focus] {
        Focus.allCases.filter { $0 != .confirmation || confirmation.expected != nil }
    }

    /// Moves the focus to what Enter leads to from a line.
    mutating func goOn(at now: Moment) {
        problem = nil
        switch confirmation.step(reason: reason, isRequired: needsReason, typed: typed) {
        case .reason: focus = .reason
        case .word: focus = .confirmation
        case .cancel: focus = .cancel
        case .button: (focus, arrived) = (.steer, now)
        }
    }

    /// What is done, in a word for a button and a title.
    public var verb: String {
        switch wanted {
        case .ready: "Take in"
        case .drain: "Drain"
        case .maintenance: "Take out"
        }
    }
}
