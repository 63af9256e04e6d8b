internal import GRDB
internal import Sessions

/// The tables of the native layout, and how an older file becomes a newer one.
///
/// Times are milliseconds since 1970; positions are numbers that the namespace's row gives out in the transaction, so
/// that they follow the order of commits without gaps.
enum Schema {
    /// `sTop`: tells a store of ours from any other SQLite database.
    static let applicationID: Int32 = 0x7354_6f70
    /// The version that this library writes; `user_version` of the file.
    static var version: Int { migrations.count }

    /// The steps from an empty database, one a version.
    ///
    /// A step that was released is never changed.
    static let migrations: [String] = [first, second, third]

    /// Brings an open transaction's database to the newest version.
    static func migrate(_ db: Database, from version: Int) throws {
        for step in migrations.dropFirst(version) { try db.execute(sql: step) }
        try db.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(Self.version)")
    }

    /// A rowid table for sessions: rows are listed in the order of the table, and touched in place; the identity has
    /// a dense index of its own.
    ///
    /// A WITHOUT ROWID table keyed by the identity would move a row of half a kilobyte at each split of a page.
    private static let first = """
        CREATE TABLE namespaces(
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            feed_start INTEGER NOT NULL DEFAULT 0,
            feed_end INTEGER NOT NULL DEFAULT 0,
            cutoff_end INTEGER NOT NULL DEFAULT 0,
            change_start INTEGER NOT NULL DEFAULT 0,
            change_end INTEGER NOT NULL DEFAULT 0
        ) STRICT;

        CREATE TABLE sessions(
            ns INTEGER NOT NULL,
            id_hash BLOB NOT NULL CHECK (length(id_hash) = 32),
            state TEXT NOT NULL CHECK (state IN ('live', 'revoked', 'expired')),
            change INTEGER NOT NULL,
            version INTEGER NOT NULL,
            epoch INTEGER NOT NULL,
            created INTEGER NOT NULL,
            authenticated INTEGER,
            seen INTEGER NOT NULL,
            idle_deadline INTEGER,
            absolute_deadline INTEGER,
            user TEXT,
            tenant TEXT,
            client TEXT,
            ip TEXT,
            agent TEXT,
            node TEXT,
            revoked_at INTEGER,
            revoked_by TEXT,
            reason TEXT,
            key_id TEXT,
            payload BLOB NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX sessions_id ON sessions(ns, id_hash);
        CREATE INDEX sessions_change ON sessions(ns, change);
        CREATE INDEX sessions_end ON sessions(ns, absolute_deadline);
        CREATE INDEX sessions_user ON sessions(ns, user) WHERE state = 'live' AND user IS NOT NULL;

        CREATE TABLE removals(
            ns INTEGER NOT NULL,
            change INTEGER NOT NULL,
            id_hash BLOB NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (ns, change)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE cutoffs(
            ns INTEGER NOT NULL,
            scope TEXT NOT NULL CHECK (scope IN ('everyone', 'tenant', 'user', 'client')),
            key TEXT NOT NULL,
            epoch INTEGER NOT NULL,
            not_before INTEGER NOT NULL,
            set_by TEXT NOT NULL,
            reason TEXT,
            PRIMARY KEY (ns, scope, key, epoch)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE feed(
            ns INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('revoked', 'cutoff')),
            id_hash BLOB,
            scope TEXT,
            key TEXT,
            at INTEGER NOT NULL,
            PRIMARY KEY (ns, seq)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE nodes(
            ns INTEGER NOT NULL,
            id TEXT NOT NULL,
            started INTEGER NOT NULL,
            heartbeat INTEGER NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('up', 'draining', 'stopped')),
            applied_seq INTEGER NOT NULL,
            lease INTEGER NOT NULL,
            latency_p50 INTEGER,
            latency_p99 INTEGER,
            counters TEXT NOT NULL,
            PRIMARY KEY (ns, id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE node_samples(
            ns INTEGER NOT NULL,
            at INTEGER NOT NULL,
            node TEXT NOT NULL,
            started INTEGER NOT NULL,
            counters TEXT NOT NULL,
            PRIMARY KEY (ns, at, node)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE audit(
            ns INTEGER NOT NULL,
            number INTEGER NOT NULL,
            at INTEGER NOT NULL,
            actor TEXT NOT NULL,
            action TEXT NOT NULL,
            target TEXT NOT NULL,
            count INTEGER NOT NULL,
            result TEXT NOT NULL,
            reason TEXT,
            outcomes_digest BLOB NOT NULL,
            previous BLOB NOT NULL,
            hash BLOB NOT NULL,
            PRIMARY KEY (ns, number)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE audit_outcomes(
            ns INTEGER NOT NULL,
            number INTEGER NOT NULL,
            place INTEGER NOT NULL,
            id_hash BLOB NOT NULL,
            outcome TEXT NOT NULL,
            PRIMARY KEY (ns, number, place),
            FOREIGN KEY (ns, number) REFERENCES audit(ns, number)
        ) STRICT, WITHOUT ROWID;
        """

    /// Which past of the store copies in shared caches belong to.
    private static let second = "ALTER TABLE namespaces ADD COLUMN generation INTEGER NOT NULL DEFAULT 0"

    /// What a request writes lies apart from what it doesn't: a touch writes a row of a fifth of a kilobyte, twenty to a
    /// page, and moves no entry of an index.
    ///
    /// The payload has a table of its own, and a log of changes, one row for many, takes the place of their index. It
    /// begins empty: whoever followed the index reads all rows again, once. The number of a row is a column now, since
    /// VACUUM may number anew what isn't; the trigger holds even for a shell, which keeps no foreign keys.
    private static let third = """
        ALTER TABLE sessions RENAME TO old_sessions;
        CREATE TABLE sessions(
            number INTEGER PRIMARY KEY,
            ns INTEGER NOT NULL,
            id_hash BLOB NOT NULL CHECK (length(id_hash) = 32),
            state TEXT NOT NULL CHECK (state IN ('live', 'revoked', 'expired')),
            change INTEGER NOT NULL,
            version INTEGER NOT NULL,
            epoch INTEGER NOT NULL,
            created INTEGER NOT NULL,
            authenticated INTEGER,
            seen INTEGER NOT NULL,
            idle_deadline INTEGER,
            absolute_deadline INTEGER,
            user TEXT,
            tenant TEXT,
            client TEXT,
            ip TEXT,
            agent TEXT,
            node TEXT,
            revoked_at INTEGER,
            revoked_by TEXT,
            reason TEXT
        ) STRICT;
        CREATE TABLE payloads(
            session INTEGER PRIMARY KEY,
            key_id TEXT,
            payload BLOB NOT NULL
        ) STRICT;
        INSERT INTO sessions SELECT rowid, ns, id_hash, state, change, version, epoch, created, authenticated, seen,
            idle_deadline, absolute_deadline, user, tenant, client, ip, agent, node, revoked_at, revoked_by, reason
            FROM old_sessions ORDER BY rowid;
        INSERT INTO payloads SELECT rowid, key_id, payload FROM old_sessions ORDER BY rowid;
        DROP TABLE old_sessions;
        CREATE UNIQUE INDEX sessions_id ON sessions(ns, id_hash);
        CREATE INDEX sessions_end ON sessions(ns, absolute_deadline);
        CREATE INDEX sessions_user ON sessions(ns, user) WHERE state = 'live' AND user IS NOT NULL;
        CREATE TRIGGER sessions_removed AFTER DELETE ON sessions BEGIN
            DELETE FROM payloads WHERE session = old.number;
        END;

        CREATE TABLE changes(
            ns INTEGER NOT NULL,
            last INTEGER NOT NULL,
            rows BLOB NOT NULL,
            PRIMARY KEY (ns, last)
        ) STRICT, WITHOUT ROWID;
        DELETE FROM removals;
        UPDATE namespaces SET change_start = change_end;
        """
}
