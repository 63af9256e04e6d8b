internal import Sessions

/// Makes rows for lists from the columns of a statement.
struct RowReader {
    /// What every statement that reads rows reads of `sessions AS s`, first.
    static let columns = """
        s.id_hash, s.username, s.state, s.created, s.seen, s.idle_deadline, s.absolute_deadline, s.ip, s.agent, s.node,
            s.payload_bytes, s.revoked_at, s.epoch, s.tenant, s.client, s.number
        """
    static let columnCount = 16
    static let number: Int32 = 15

    private let cutoffs: Cutoffs
    /// The rows so far.
    private(set) var rows: [SessionRow] = []
    /// The places and numbers of the rows that only a cut-off ended: their time isn't in them.
    private(set) var cut: [(place: Int, number: Int64)] = []

    init(cutoffs: Cutoffs) { self.cutoffs = cutoffs }

    mutating func read(_ columns: some RowColumns) throws {
        var row = SessionRow(id: try columns.id(0), state: try columns.state(2))
        row.user = columns.optionalText(1)
        row.created = columns.moment(3)
        row.seen = columns.moment(4)
        row.deadlines = Deadlines(idle: columns.optionalMoment(5), absolute: columns.optionalMoment(6))
        row.ip = columns.optionalText(7)
        row.agent = columns.optionalText(8)
        row.node = columns.optionalText(9)
        row.byteCount = Int(columns.integer(10))
        row.revokedAt = columns.optionalMoment(11)
        if row.state == .live, isCut(columns, user: row.user) {
            row.state = .revoked
            cut.append((rows.count, columns.integer(Self.number)))
        }
        rows.append(row)
    }

    private func isCut(_ columns: some RowColumns, user: String?) -> Bool {
        let epoch = columns.position(12)
        guard epoch < cutoffs.latest else { return false }
        return cutoffs.refuse(
            epoch: epoch, tenant: columns.optionalText(13), user: user, client: columns.optionalText(14))
    }

    private static let cutMoments = Statement(
        "cut_moments",
        """
        SELECT s.number, cut.not_before FROM sessions AS s \(CutoffQuery.joinFirst)
        WHERE s.ns = $1 AND s.number = ANY($2::bigint[])
        """)

    /// Says when the rows that only a cut-off ended were ended.
    ///
    /// A cut-off goes after the rows that it ended: where a purge has taken both since, the time stays unknown.
    mutating func explainCuts(_ link: Link, _ context: StoreContext) throws {
        guard !cut.isEmpty else { return }
        let found = try link.run([Self.cutMoments(context.ns, .integers(cut.map(\.number)))])[0]
            .map { ($0.integer(0), $0.optionalMoment(1)) }
        let moments = Dictionary(found) { first, _ in first }
        for (place, number) in cut { rows[place].revokedAt = moments[number] ?? nil }
    }
}
