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
    /// Why it was not done, when it was last tried.
    public var problem: String?
}

/// The question before the listed sessions are written into a file.
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

    /// The sessions, in the order listed: handles and what a list shows, never secrets.
    public var ids: [IDHash]
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
}

/// Sessions to be written into a new file of mode 0600.
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
    /// The rows, as they were listed.
    public var rows: [SessionRow]
}
