public import Sessions

/// How one framework writes its sessions into a store: a value that says how to list, decode, revoke and extend them.
///
/// It does no I/O. A store's target reads records and carries out changes, both of which are values, too.
public struct Layout: Sendable {
    /// What `--layout` takes and rows show: `django-db`.
    public let name: String
    /// What it is, in a line for people.
    public let summary: String
    /// The kinds of stores that it lies in.
    public let stores: Set<StoreKind>
    /// Where in the store a session lies.
    public let place: Place
    /// How its payload is written.
    public let payload: PayloadEncoding
    /// Where the user may stand in the payload; the first that is there counts.
    public var users: [UserRule] = []
    /// What each payload has or is, where the layout says so: it tells it from others under such a key.
    public var proof: Proof?
    /// A second place inside the payload where the expiry is kept.
    public var embedded = EmbeddedExpiry.none
    /// What becomes of a session after a revoke and an extend.
    public let notes: LayoutNotes
    /// Whether sessions can be ended.
    public var revoke = Capabilities.Ability.yes
    /// Whether their deadlines can be moved.
    public var extend = Capabilities.Ability.yes
    /// How long a session lives without use, where only the application's configuration says so.
    public var lifetime: Duration?

    /// What tells a payload from those of others.
    public enum Proof: Sendable, Equatable {
        /// It has a member of this name.
        case member(String)
        /// It is an object: which members it has is the application's affair.
        case object
    }

    /// Where a session lies.
    public enum Place: Sendable {
        /// A row of a table.
        case table(TablePlace)
        /// A key with a value.
        case keys(KeyPlace)
        /// A hash of Redis, as Spring Session writes it.
        case spring(SpringPlace)
    }

    init(
        _ name: String, _ summary: String, in stores: Set<StoreKind>, _ place: Place, payload: PayloadEncoding,
        notes: LayoutNotes
    ) {
        self.name = name
        self.summary = summary
        self.stores = stores
        self.place = place
        self.payload = payload
        self.notes = notes
    }

    /// The same layout with some of it changed.
    func with(_ change: (inout Layout) -> Void) -> Layout {
        var layout = self
        change(&layout)
        return layout
    }

    /// What an operator can do with sessions of this layout, each with the reason where it isn't possible.
    ///
    /// - Parameters:
    ///   - readOnly: why nothing may be written; `nil`: it may.
    ///   - log: where changes are put on the record; `nil`: nowhere.
    /// - Returns: each ability.
    public func capabilities(readOnly: String? = nil, log: OperatorLog? = nil) -> Capabilities {
        let no = (readOnly ?? log?.lack).map { Capabilities.Ability.no(because: $0) }
        return Capabilities(
            revoke: no ?? revoke, extend: no ?? extendAbility,
            nodes: .no(because: "\(name) doesn't tell which nodes use its store"),
            audit: OperatorLog.ability(
                of: log, readOnly: readOnly, none: "a store of \(name) has no place for an audit log"),
            changes: .no(because: "\(name) keeps no record of what changes"),
            finalRevoke: notes.comesBack.map { .no(because: $0) } ?? .yes)
    }

    private var extendAbility: Capabilities.Ability {
        isLifetimeMissing ? .no(because: Self.missing(name)) : extend
    }

    /// Where keys lie; `nil`: sessions are rows.
    public var keyPlace: KeyPlace? {
        switch place {
        case .keys(let keys): keys
        case .spring: SpringPlace.keys
        case .table: nil
        }
    }

    /// Whether the framework keeps sets of users' sessions.
    var hasIndex: Bool { if case .spring(let place) = place { place.isIndexed } else { false } }

    /// Whether a list has to read payloads: only they name the user, or tell when the session ends.
    public var needsPayloads: Bool {
        guard case .table(let table) = place else { return true }
        return table.user == nil && !users.isEmpty
    }

    /// Whether deadlines can't be told, as nobody said how long a session lives.
    var isLifetimeMissing: Bool {
        guard case .table(let table) = place, case .sinceUse = table.expiry else { return false }
        return lifetime == nil
    }

    static func missing(_ name: String) -> String {
        "only the application's configuration has the lifetime: add --layout \(name)?lifetime=120m"
    }
}

/// The kinds of stores that layouts lie in.
public enum StoreKind: String, Sendable, CaseIterable {
    /// An SQLite file.
    case sqlite
    /// A PostgreSQL database.
    case postgres
    /// Redis or Valkey.
    case redis
    /// Memcached.
    case memcached
}

/// What becomes of a session after an operator's change, for people.
public struct LayoutNotes: Sendable, Equatable {
    /// How a revoked session can come back; `nil`: it can't.
    public let comesBack: String?
    /// What the application makes of a deadline that was moved.
    public let afterExtend: String
    /// What a revoke doesn't reach, where there is something.
    public var beyondRevoke: String?

    init(comesBack: String?, afterExtend: String, beyondRevoke: String? = nil) {
        self.comesBack = comesBack
        self.afterExtend = afterExtend
        self.beyondRevoke = beyondRevoke
    }
}
