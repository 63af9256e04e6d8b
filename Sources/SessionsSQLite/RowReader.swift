internal import Sessions

/// Makes rows for lists from the columns of a statement.
struct RowReader {
    /// The beginning of every statement that reads rows; what follows says which.
    static let columns = """
        SELECT id_hash, user, state, created, seen, idle_deadline, absolute_deadline, ip, agent, node, length(payload),
            revoked_at, epoch, tenant, client, number FROM sessions CROSS JOIN payloads ON session = number
        """
    static let number: Int32 = 15

    private let cutoffs: Cutoffs
    private var texts = TextPool()
    private var count = 0
    /// The places of the rows that only a cut-off ended: their time isn't in them.
    private(set) var cut: [Int] = []

    init(cutoffs: Cutoffs) { self.cutoffs = cutoffs }

    mutating func row(_ columns: Columns) throws -> SessionRow {
        var row = SessionRow(id: try columns.id(0), state: try columns.state(2))
        row.user = columns.optionalText(1)
        row.created = columns.moment(3)
        row.seen = columns.moment(4)
        row.deadlines = Deadlines(idle: columns.optionalMoment(5), absolute: columns.optionalMoment(6))
        row.ip = columns.optionalText(7)
        row.agent = columns.sharedText(8, &texts)
        row.node = columns.sharedText(9, &texts)
        row.byteCount = Int(columns.integer(10))
        row.revokedAt = columns.optionalMoment(11)
        if row.state == .live, isCut(columns, user: row.user) {
            row.state = .revoked
            cut.append(count)
        }
        count += 1
        return row
    }

    private func isCut(_ columns: Columns, user: String?) -> Bool {
        let epoch = columns.position(12)
        guard epoch < cutoffs.latest else { return false }
        return cutoffs.refuse(
            epoch: epoch, tenant: columns.optionalText(13), user: user, client: columns.optionalText(14))
    }
}
