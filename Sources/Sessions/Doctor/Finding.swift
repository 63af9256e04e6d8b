/// Something that is wrong or unsafe about a store or its sessions, or that was looked at and is well.
public struct Finding: Sendable, Equatable {
    /// How bad it is.
    public enum Severity: String, Sendable, CaseIterable, Comparable {
        /// It was looked at, and is well.
        case fine
        /// It could not be looked at.
        case unknown
        /// It will hurt some day.
        case warning
        /// It breaks a promise now, or loses or gives away sessions.
        case problem

        /// The worse comes last.
        public static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// What was looked at, in a word that stays the same: `audit-chain`, `tls`.
    public var check: String
    /// How bad it is.
    public var severity: Severity
    /// What was found, in a sentence.
    public var message: String
    /// What to do about it; `nil` where nothing needs to be done.
    public var advice: String?

    /// Makes a finding.
    public init(_ check: String, _ severity: Severity, _ message: String, advice: String? = nil) {
        self.check = check
        self.severity = severity
        self.message = message
        self.advice = advice
    }
}
