public import Sessions

/// Something to be done outside: a value, run by the executable, answered by an ``Action``.
///
/// Those that change the store are told by ``isChange``: read-only is enforced where they are run, once.
public enum Effect: Sendable, Equatable {
    /// Ask where the changes stand, then read the first page. Answered by ``Action/loadingBegan(_:generation:)``, then
    /// ``Action/page(_:generation:)``.
    case beginLoading(generation: Int)
    /// Read a page of rows, the first or the one after another.
    case loadPage(after: RowCursor?, limit: Int, generation: Int)
    /// Ask for what is due, all of it, then say ``Action/polled(took:)`` or ``Action/pollFailed(_:)``. One at a time.
    case poll(Poll)
    /// Have the store count its sessions, which may take as long as reading them all. Answered by
    /// ``Action/statistics(_:)`` or ``Action/statisticsFailed(_:)``.
    case countSessions
    /// Read one session, and open its payload where a key is here.
    case loadDetail(IDHash)
    /// Read what became of the sessions of an audit entry, the first or those after a place. Answered by
    /// ``Action/outcomes(_:_:next:)``.
    case loadOutcomes(Int64, after: Int64? = nil)
    /// Tell which of these are refresh families, and what they hold. Answered by ``Action/families(_:failure:)``.
    case loadFamilies([IDHash])

    /// End sessions. Answered by ``Action/job(_:_:)``; nothing else may tell that it is done.
    case revoke(JobID, RevokeTarget, Order)
    /// Move deadlines.
    case extend(JobID, [IDHash], NewDeadline, Order)
    /// Stop a change: what was done stays done.
    case stop(JobID)
    /// Tell which nodes have applied the feed up to a position, until all have or the lease has run out.
    case watchEffective(JobID, FeedPosition, durable: MonotonicInstant)
    /// Look whether sessions are live again, so long after the commit: each with its user, for a framework may use the id
    /// of a session that was ended for another visitor.
    case recheck(JobID, [IDHash: String?], after: Duration)
    /// Put on the record that sessions that a revoke ended are live again.
    case recordReturned([IDHash], of: RevokeTarget, Order)
    /// Put on the record that somebody sees a session's secrets, then say ``Action/revealed(_:)``; never without.
    case reveal(IDHash, Order)
    /// Take a node out, or in again. Answered by ``Action/steered(_:_:failure:)``; nothing else may tell that it is done.
    case steer(String, NodeOrder, Order)
    /// Add an entry to the audit log: a dry run.
    case record(AuditAction, target: String, count: Int, Order)

    /// Write what is listed into a new file of mode 0600; where it is written, put that on the record by this order;
    /// `nil`: nowhere.
    case export(Export, record: Order?)
    /// Put a text on the clipboard of the terminal.
    case copy(String)
    /// Draw with another theme.
    case setTheme(String)
    /// Say which themes there are.
    case listThemes
    /// Open the store of a context, then say ``Action/contextOpened(_:)``; where it can't be opened, why.
    case openContext(String)
    /// Show a context that is open, from the beginning: all of this state ends with it.
    case enterContext(String)
    /// Let a context go that is open: it isn't to be shown.
    case dropContext(String)
    /// Give the terminal back until somebody continues the process.
    case suspend
    /// Draw the whole screen anew.
    case redraw
    /// Drop what was typed ahead.
    case flushInput
    /// End.
    case quit

    /// Whether its end is waited for before another store is looked at: where it fails, that is told here or nowhere.
    ///
    /// Changes of sessions are followed as jobs.
    public var isAwaited: Bool {
        switch self {
        case .reveal, .record, .recordReturned, .steer, .export: true
        default: false
        }
    }

    /// Whether it changes the store: refused while read-only.
    public var isChange: Bool {
        switch self {
        case .revoke, .extend, .reveal, .record, .recordReturned, .steer: true
        default: false
        }
    }
}

/// What a poll asks for.
public struct Poll: Sendable, Equatable {
    /// What the question for changes is called where its cost is told.
    public static let changesName = "changes"
    /// What reading a page of rows is called there.
    public static let rowsName = "rows"
    /// What having the sessions counted is called there.
    public static let statisticsName = "statistics"

    /// Rows that changed after this; `nil`: none are asked for.
    public var changesAfter: ChangePosition?
    /// At most so many changes at once.
    public var changeLimit = 5_000
    /// Whether the nodes' reports are asked for.
    public var nodes = false
    /// Counters since this; `nil`: none are asked for.
    public var samplesSince: Timestamp?
    /// Audit entries after this number; `nil`: none are asked for.
    public var auditAfter: Int64?
    /// At most so many audit entries at once.
    public var auditLimit = AuditLog.pageSize

    /// A poll for nothing.
    public init() {}
}
