public import Screen
public import Sessions

/// Something that happened: the only way anything in ``State`` changes.
///
/// Time is one of them. Whoever runs the dashboard sends ``tick(_:)`` before each batch of others, so that the state
/// knows when they happened.
public enum Action: Sendable {
    /// A key was pressed.
    case key(Key)
    /// Time went by.
    case tick(Moment)
    /// The screen has another size.
    case resize(Size)

    /// Reading of all rows began: changes are to be asked for from here on. Answers ``Effect/beginLoading(generation:)``.
    case loadingBegan(ChangePosition?, generation: Int)
    /// A page of rows. Answers ``Effect/loadPage(after:limit:generation:)``.
    case page(RowPage, generation: Int)
    /// A page, or the beginning of a reading, could not be had: why.
    case loadingFailed(String, generation: Int)
    /// Rows that changed.
    case changes(RowChanges)
    /// The store's counts. Answers ``Effect/countSessions``.
    case statistics(StoreStatistics)
    /// The sessions could not be counted: why.
    case statisticsFailed(String)
    /// What the nodes last published.
    case nodes([NodeReport])
    /// Counters since the moment that was asked for.
    case samples([CounterSample])
    /// Audit entries after the number that was asked for.
    case audit([AuditEntry])
    /// What became of some sessions of an audit entry, and where the store goes on; none: nobody can tell. Answers
    /// ``Effect/loadOutcomes(_:after:)``.
    case outcomes(Int64, [AuditOutcome], next: Int64? = nil)
    /// A poll has ended well, and how long it took. Comes after everything it brought.
    case polled(took: Duration)
    /// A poll has failed: why. Whatever came before it stays.
    case pollFailed(String)
    /// One session in detail. Answers ``Effect/loadDetail(_:)``.
    case detail(IDHash, Inspector.Content)
    /// What sessions turned out to be, or why that can't be told. Answers ``Effect/loadFamilies(_:)``.
    case families([IDHash: UserTokens.Reading], failure: String?)
    /// The store was asked something: what that cost.
    case asked(Cost)

    /// A reveal is on the record: the secrets may be shown. Answers ``Effect/reveal(_:_:)``.
    case revealed(IDHash)
    /// Something was heard of a change.
    case job(JobID, JobEvent)
    /// A node was told something: why it was not done; `nil`: it was. Answers ``Effect/steer(_:_:_:)``.
    case steered(String, NodeOrder, failure: String?)
    /// Something has ended that is waited for, whatever came of it. Comes after everything it brought. Answers each effect
    /// that ``Effect/isAwaited``.
    case finished
    /// The themes that can be chosen, and the one in use.
    case themes([String], current: String)
    /// A context is open, and can be shown instead. Answers ``Effect/openContext(_:)``.
    case contextOpened(String)
    /// Something to tell the operator: an export that is written, a file that can't be.
    case message(String, Flash.Level)

    /// What a question cost the store.
    public struct Cost: Sendable, Equatable {
        /// What was asked: `changes`, `statistics`.
        public var name: String
        /// Operations.
        public var operations: Int
        /// Rows that came back.
        public var rows: Int
        /// How long it took.
        public var took: Duration
        /// What went over the store's connections for it; `nil`: nobody counts.
        public var traffic: StoreTraffic?

        /// Makes one.
        public init(
            name: String, operations: Int = 1, rows: Int, took: Duration, traffic: StoreTraffic? = nil
        ) {
            self.traffic = traffic
            self.name = name
            self.operations = operations
            self.rows = rows
            self.took = took
        }
    }
}
