internal import GRDB
internal import Sessions

/// Cut-offs, and the feed that tells of them and of revokes.
extension WriteTransaction {
    /// Writes the feed's next entry, told no earlier than the one before it.
    mutating func appendToFeed(_ event: FeedEntry.Event, at moment: Timestamp) throws {
        positions.feedEnd.value += 1
        let words: [Value] =
            switch event {
            case .revoked(let id): [.text("revoked"), .id(id), .null, .null]
            case .cutoff(let cutoff): [.text("cutoff"), .null, .text(cutoff.scope.kind), .text(cutoff.scope.key)]
            case .denied(let denial): [.text("denied"), .id(denial.key), .null, .null]
            case .unknown: [.text("unknown"), .null, .null, .null]
            }
        try db.run(
            """
            INSERT INTO feed(ns, seq, at, kind, id_hash, scope, key)
            VALUES (?1, ?2, max(?3, coalesce((SELECT at FROM feed WHERE ns = ?1 AND seq = ?2 - 1), ?3)), ?4, ?5, ?6, ?7)
            """,
            [.integer(namespace), .position(positions.feedEnd), .moment(moment)] + words)
    }

    /// Sets a cut-off.
    ///
    /// It ends every session issued before, whether or not its row is marked.
    mutating func cutOff(_ scope: CutoffScope, _ revocation: Revocation) throws -> Cutoff {
        let epoch = FeedPosition(positions.feedEnd.value + 1)
        let cutoff = Cutoff(scope: scope, notBefore: revocation.at, epoch: epoch)
        try appendToFeed(.cutoff(cutoff), at: revocation.at)
        positions.cutoffEnd = epoch
        try db.run(
            """
            INSERT INTO cutoffs(ns, scope, key, epoch, not_before, set_by, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """,
            [
                .integer(namespace), .text(scope.kind), .text(scope.key), .position(epoch), .moment(revocation.at),
                .text(revocation.by), .text(revocation.reason),
            ])
        // At once, not with the other positions: whoever shares the transaction must find their sessions cut off.
        let values: [Value] = [.integer(namespace), .position(epoch)]
        try db.run("UPDATE namespaces SET cutoff_end = ?2 WHERE id = ?1", values)
        return cutoff
    }

    /// Tells of tokens that are denied.
    mutating func deny(_ denials: [TokenDenial], at moment: Timestamp) throws {
        for denial in denials { try appendToFeed(.denied(denial), at: moment) }
    }

    /// Marks the live sessions of a user, or of everyone, as revoked.
    ///
    /// Done before the cut-off that ends them, which would hide them. What a deadline had ended before isn't marked, but
    /// will read as revoked from now on: that is a change, too.
    mutating func endAll(ofUser user: String?, _ revocation: Revocation) throws -> [(id: IDHash, user: String?)] {
        let whose = user == nil ? "" : "AND user = ?3"
        let order = user == nil ? "NOT INDEXED" : "INDEXED BY sessions_user"
        let values = [.integer(namespace), .moment(revocation.at)] + (user.map { [Value.text($0)] } ?? [])
        let rows = try db.all(
            """
            SELECT number, id_hash, user, \(CutoffQuery.isLive(at: "?2")) FROM sessions \(order)
            WHERE ns = ?1 AND state = 'live' \(whose) ORDER BY number
            """, values
        ) { (number: $0.integer(0), id: try $0.id(1), user: $0.optionalText(2), isLive: $0.bool(3)) }
        for row in rows where row.isLive { try end(number: row.number, revocation) }
        for row in rows where !row.isLive {
            try db.run("UPDATE sessions SET change = ?2 WHERE number = ?1", [.integer(row.number), nextChange])
            logChange(of: row.number)
        }
        return rows.filter(\.isLive).map { ($0.id, $0.user) }
    }
}
