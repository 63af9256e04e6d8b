public import Sessions

/// The question before secrets are shown.
public struct RevealDialog: Sendable, Equatable {
    /// What has the focus.
    public enum Focus: Sendable, Equatable, CaseIterable {
        /// The reason.
        case reason
        /// Close without doing anything.
        case cancel
        /// Do it.
        case reveal
    }

    /// Whose secrets.
    public var id: IDHash
    /// When the dialog opened.
    public var opened: Moment
    /// Why: always required.
    public var reason = TextField(limit: Policy.reasonLimit)
    /// What has the focus.
    public var focus = Focus.reason
    /// Why it was not done, when it was last tried; as that stands by now, and `nil` once nothing is in the way.
    public var problem: String?
}

/// The question before what is listed is written into a file.
public struct ExportDialog: Sendable, Equatable {
    /// What has the focus.
    public enum Focus: Sendable, Equatable, CaseIterable {
        /// The file.
        case path
        /// How it is written.
        case format
        /// Close without doing anything.
        case cancel
        /// Do it.
        case write
    }

    /// What is written, in the order listed.
    public enum Listed: Sendable, Equatable {
        /// Sessions: handles and what a list shows, never secrets.
        case sessions([IDHash])
        /// Entries of the audit log.
        case entries([AuditEntry])
    }

    /// What is written.
    public var listed: Listed
    /// When the dialog opened.
    public var opened: Moment
    /// The file.
    public var path: TextField
    /// How it is written.
    public var format = Export.Format.csv
    /// What has the focus.
    public var focus = Focus.path
    /// Why it was not done, when it was last tried.
    public var problem: String?

    /// The folder that the file goes into, by the one where files go whose paths don't begin with one; `nil`: unknown.
    func folder(from current: String?) -> String? {
        let text = path.text
        guard let slash = text.lastIndex(of: "/") else { return current }
        let named = text[..<slash]
        guard !text.hasPrefix("/") else { return named.isEmpty ? "/" : String(named) }
        return current.map { "\($0)/\(named)" }
    }
}

/// What is to be written into a new file of mode 0600.
public struct Export: Sendable, Equatable {
    /// How a file is written.
    public enum Format: String, Sendable, CaseIterable {
        /// Comma-separated values, formulas quoted.
        case csv
        /// A JSON object a line.
        case jsonl
    }

    /// The file.
    public var path: String
    /// How it is written.
    public var format: Format
    /// What is written into it.
    public var content: Content
    /// The filter by which that was listed; empty: there was none.
    public var filter = ""

    /// What the audit log calls it: `412 sessions matching node:web-03`.
    public var auditTarget: String {
        filter.isEmpty ? content.auditTarget : "\(content.auditTarget) matching \(filter)"
    }

    /// What was listed, in its order.
    public enum Content: Sendable, Equatable {
        /// Sessions.
        case sessions([SessionRow])
        /// Entries of the audit log.
        case entries([AuditEntry])

        /// How many sessions it tells of by themselves.
        public var sessionCount: Int { if case .sessions(let rows) = self { rows.count } else { 0 } }

        /// What it is, for people: `1,412 sessions`.
        public var title: String {
            switch self {
            case .sessions(let rows): Dashboard.Format.sessions(rows.count)
            case .entries(let entries): Dashboard.Format.auditEntries(entries.count)
            }
        }

        /// What it is, for the audit log.
        public var auditTarget: String {
            switch self {
            case .sessions(let rows): AuditEntry.target(of: rows.map(\.id))
            case .entries(let entries): entries.count == 1 ? "1 audit entry" : "\(entries.count) audit entries"
            }
        }
    }
}
