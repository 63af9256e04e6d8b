/// Roles that may do less.
extension PostgresStore {
    /// What an operator's role needs to list sessions, follow them and revoke them, and no more: it can't read a
    /// payload, extend a deadline, sign anybody in, or change the audit log.
    ///
    /// To be run by the owner of the schema once the store has been made:
    /// `CREATE ROLE operator LOGIN` first, then these statements. The server itself refuses whatever isn't granted;
    /// what the role can't do is greyed on the screen.
    ///
    /// - Parameters:
    ///   - role: the role; it must be there.
    ///   - schema: the store's schema.
    /// - Returns: SQL, a statement a line.
    public static func grants(toOperator role: String, schema: String = "sessiontop") -> String {
        let role = SchemaKeeper.quoted(role)
        let schema = SchemaKeeper.quoted(schema)
        let readable = [
            "ns", "number", "id_hash", "state", "version", "epoch", "created", "authenticated", "seen", "idle_deadline",
            "absolute_deadline", "revoked_at", "username", "tenant", "client", "ip", "agent", "node", "revoked_by",
            "reason", "key_id", "payload_bytes",
        ]
        let whole = ["store", "namespaces", "changes", "cutoffs", "feed", "nodes", "node_samples", "audit"]
        let appended = ["changes", "cutoffs", "feed", "audit", "audit_outcomes"]
        func tables(_ names: [String]) -> String { names.map { "\(schema).\($0)" }.joined(separator: ", ") }
        return """
            GRANT USAGE ON SCHEMA \(schema) TO \(role);
            GRANT SELECT ON \(tables(whole)) TO \(role);
            GRANT SELECT (\(readable.joined(separator: ", "))) ON \(schema).sessions TO \(role);
            GRANT UPDATE (state, revoked_at, revoked_by, reason) ON \(schema).sessions TO \(role);
            GRANT UPDATE (feed_end, cutoff_end, change_start) ON \(schema).namespaces TO \(role);
            GRANT INSERT ON \(tables(appended)) TO \(role);
            GRANT SELECT, USAGE ON SEQUENCE \(schema).change_numbers TO \(role);

            """
    }

    /// What a service's role needs where it doesn't own the schema: everything on the request path, nothing of the
    /// operators' audit log, no change of a table.
    ///
    /// - Parameters:
    ///   - role: the role; it must be there.
    ///   - schema: the store's schema, made by its owner; the service opens it as `existing`.
    /// - Returns: SQL, a statement a line.
    public static func grants(toService role: String, schema: String = "sessiontop") -> String {
        let role = SchemaKeeper.quoted(role)
        let schema = SchemaKeeper.quoted(schema)
        let written = ["sessions", "changes", "cutoffs", "feed", "nodes", "node_samples"]
        let tables = written.map { "\(schema).\($0)" }.joined(separator: ", ")
        return """
            GRANT USAGE ON SCHEMA \(schema) TO \(role);
            GRANT SELECT ON \(schema).store TO \(role);
            GRANT SELECT, UPDATE ON \(schema).namespaces TO \(role);
            GRANT SELECT, INSERT, UPDATE, DELETE ON \(tables) TO \(role);
            GRANT SELECT, USAGE ON SEQUENCE \(schema).change_numbers TO \(role);

            """
    }
}
