/// What a list shows of a session: everything but its payload.
public struct SessionRow: Sendable, Equatable {
    /// Its identity.
    public var id: IDHash
    /// Who signed in; `nil`: anonymous, or unknown.
    public var user: String?
    /// Its recorded state, cut-offs applied; for deadlines see ``standing(at:)``.
    public var state: SessionState
    /// When it began.
    public var created: Timestamp?
    /// When it was last used, as far as recorded.
    public var seen: Timestamp?
    /// When it ends by itself.
    public var deadlines: Deadlines
    /// The address it was last used from.
    public var ip: String?
    /// The user agent it was last used with.
    ///
    /// Written by strangers.
    public var agent: String?
    /// The node that served it last.
    public var node: String?
    /// The size of the payload as stored, in bytes.
    public var byteCount: Int?
    /// When it was revoked, where it was.
    public var revokedAt: Timestamp?
    /// Where a balancer sends it; `nil`: nowhere in particular, or no balancer was asked.
    public var pin: Pin?

    /// Makes a row of which nothing is known but its identity.
    public init(id: IDHash, state: SessionState = .live) {
        self.id = id
        self.state = state
        deadlines = Deadlines(idle: nil, absolute: nil)
    }

    /// How it stands at a moment.
    public func standing(at now: Timestamp) -> SessionState {
        state == .live && deadlines.havePassed(at: now) ? .expired : state
    }

    /// When it ended or will end by itself; `nil`: never.
    public var end: Timestamp? { state == .revoked ? revokedAt : deadlines.nearest?.moment }
}

/// Where a page of rows ended; opaque to everyone but its store.
public struct RowCursor: Sendable, Hashable {
    /// The store's own mark.
    public var mark: [UInt8]

    /// Wraps a mark.
    public init(mark: [UInt8]) { self.mark = mark }
}

/// A page of rows.
public struct RowPage: Sendable {
    /// The rows.
    public var rows: [SessionRow]
    /// Where the next page begins; `nil`: this was the last.
    public var next: RowCursor?

    /// Makes a page.
    public init(rows: [SessionRow], next: RowCursor?) {
        self.rows = rows
        self.next = next
    }
}

/// A position in a store's changes; opaque but for its order within one store.
public struct ChangePosition: Sendable, Hashable, Comparable {
    /// The store's own number.
    public var value: Int64

    /// Wraps a number.
    public init(_ value: Int64) { self.value = value }

    /// The earlier comes first.
    public static func < (a: ChangePosition, b: ChangePosition) -> Bool { a.value < b.value }
}

/// Rows that changed.
public struct RowChanges: Sendable {
    /// The rows as they are now.
    public var rows: [SessionRow]
    /// Rows that were removed altogether.
    public var removed: [IDHash]
    /// Where the next call begins.
    public var position: ChangePosition
    /// Whether more is waiting.
    public var hasMore: Bool
    /// The store can't tell what changed (it was restored, or too much happened): read all rows again.
    public var mustReload: Bool

    /// Makes a set of changes.
    public init(
        rows: [SessionRow], removed: [IDHash] = [], position: ChangePosition, hasMore: Bool = false,
        mustReload: Bool = false
    ) {
        self.rows = rows
        self.removed = removed
        self.position = position
        self.hasMore = hasMore
        self.mustReload = mustReload
    }
}

/// One session, whole.
public struct SessionDetail: Sendable {
    /// What a list shows of it.
    public var row: SessionRow
    /// Its version.
    public var version: Int64?
    /// When somebody last signed in.
    public var authenticated: Timestamp?
    /// Who ended it, when and why.
    public var revocation: Revocation?
    /// The tenant and the client application, where known.
    public var tenant: String?, client: String?
    /// The payload as stored.
    public var payload: Payload?
    /// The payload decoded, where the store did that: the bytes alone don't say how other frameworks write.
    public var decoded: DecodedPayload?
    /// The namespace that the payload is sealed for.
    public var namespace: String
    /// Where it lies, every place its expiry is kept: name and value, in the order to show.
    public var location: [(name: String, value: String)]

    /// Makes a detail from a row; the rest is filled in by the store.
    public init(row: SessionRow, namespace: String, location: [(name: String, value: String)]) {
        self.row = row
        self.namespace = namespace
        self.location = location
    }

    /// A payload that a store has decoded.
    public struct DecodedPayload: Sendable, Equatable {
        /// The state; `nil`: it can't be read.
        public var data: JSONValue?
        /// Why it can't be read.
        public var note: String?

        /// Makes one.
        public init(data: JSONValue?, note: String?) {
            self.data = data
            self.note = note
        }
    }
}
