import GRDB
import Sessions

@testable import SessionsSQLite

/// A file as an older version left it: made by that version's own steps.
enum OldStore {
    /// Makes one with sessions, of which the last is revoked, and a cut-off of a tenant that none of them belongs to.
    static func make(_ path: String, version: Int, sessions: [Session]) async throws {
        try await DatabaseQueue(path: path).writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA journal_mode = WAL")
            for step in Schema.migrations.prefix(version) { try db.execute(sql: step) }
            let count = Int64(sessions.count)
            try db.execute(
                sql: """
                    PRAGMA application_id = \(Schema.applicationID);
                    PRAGMA user_version = \(version);
                    INSERT INTO namespaces(id, name, feed_end, cutoff_end, change_end)
                        VALUES (1, 'default', 2, 1, \(count + 1));
                    INSERT INTO cutoffs VALUES (1, 'tenant', 't', 1, \(noon.milliseconds), 'x', NULL);
                    INSERT INTO feed(ns, seq, at, kind, scope, key)
                        VALUES (1, 1, \(noon.milliseconds), 'cutoff', 'tenant', 't');
                    """)
            for (number, session) in sessions.enumerated() { try insert(session, change: Int64(number + 1), db) }
            guard let last = sessions.last?.id else { return }
            let values: [Value] = [.id(last), .moment(noon), .integer(count + 1)]
            try db.run(
                "INSERT INTO feed(ns, seq, at, kind, id_hash) VALUES (1, 2, ?2, 'revoked', ?1)", Array(values[..<2]))
            try db.run(
                """
                UPDATE sessions SET state = 'revoked', revoked_at = ?2, revoked_by = 'x', reason = 'r', change = ?3
                WHERE id_hash = ?1
                """, values)
        }
    }

    private static func insert(_ session: Session, change: Int64, _ db: Database) throws {
        try db.run(
            """
            INSERT INTO sessions(ns, id_hash, state, change, version, epoch, created, authenticated, seen, idle_deadline,
                absolute_deadline, user, tenant, client, ip, agent, node, revoked_at, revoked_by, reason, key_id, payload)
            VALUES (1, ?1, 'live', ?2, ?3, 0, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, NULL, NULL, NULL, ?15, ?16)
            """,
            [
                .id(session.id), .integer(change), .integer(session.version), .moment(session.created),
                .moment(session.authenticated), .moment(session.seen), .moment(session.deadlines.idle),
                .moment(session.deadlines.absolute), .text(session.user), .text(session.tenant), .text(session.client),
                .text(session.ip), .text(session.agent), .text(session.node), .text(session.payload.keyID),
                .bytes(session.payload.bytes),
            ])
    }
}
