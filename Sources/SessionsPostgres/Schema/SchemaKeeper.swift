internal import Sessions

/// Looks whether a schema is a store of ours, and makes it one or brings it up to date where it may.
struct SchemaKeeper {
    let schema: String
    /// The URL without its password, for errors.
    let place: String
    let link: Link
    /// How long a step of a migration may take.
    let limit: Duration

    private struct Findings {
        var exists = false
        var mayUse = false
        var isEmpty = true
        var hasStore = false
        var isInRecovery = false
    }

    private static let look = Statement(
        "schema",
        """
        SELECT n.oid IS NOT NULL, coalesce(has_schema_privilege(n.oid, 'USAGE'), false),
            NOT EXISTS (SELECT 1 FROM pg_class AS c WHERE c.relnamespace = n.oid),
            EXISTS (SELECT 1 FROM pg_class AS c WHERE c.relnamespace = n.oid AND c.relname = 'store'), pg_is_in_recovery()
        FROM (SELECT 1) AS one LEFT JOIN pg_namespace AS n ON n.nspname = $1
        """)

    /// Makes the schema ready.
    ///
    /// - Throws: ``SessionsError`` with `storeNotFound`, `notAStore`, `storeTooNew`, `unsupported`, `refused`, and
    ///   ``PostgresFailure``. What isn't ours, or is newer, is left as it was.
    func prepare(_ mode: PostgresStore.OpenMode) throws {
        let version = try version(mode)
        guard version < Schema.version else { return }
        guard mode != .readOnly else {
            throw SessionsError(
                .unsupported,
                "\(place) has an older format: open it once without --read-only to bring it up to date")
        }
        // Of several nodes that start at once one does it, and the others wait for it here.
        _ = try link.run([.begin, .limit(limit), lock])
        let versionNow = try self.version(mode)
        guard versionNow < Schema.version else { return link.settle() }
        _ = try link.run(steps(from: versionNow) + [.commit])
    }

    private var lock: Command {
        Statement("migrating", "SELECT pg_advisory_xact_lock($1)")(.integer(LockKey("migrate", schema).value))
    }

    private func steps(from version: Int64) throws -> [Command] {
        let findings = try findings()
        let schemas = findings.exists ? [] : ["CREATE SCHEMA \(Self.quoted(schema))"]
        let steps = (schemas + Schema.migrations.dropFirst(Int(version)).flatMap { $0 }).map { Command.once($0) }
        let record =
            version == 0
            ? Statement("", "INSERT INTO store(mark, version) VALUES ($1, $2)")
            : Statement("", "UPDATE store SET mark = $1, version = $2")
        return steps + [record(.text(Schema.mark), .integer(Schema.version))]
    }

    /// The version of what is there; 0 where there is nothing, and it may be made.
    private func version(_ mode: PostgresStore.OpenMode) throws -> Int64 {
        let findings = try findings()
        if findings.exists, !findings.mayUse {
            throw SessionsError(
                .refused,
                "this role may not use the schema \(schema) at \(place): grant it what PostgresStore.grants lists")
        }
        if findings.isEmpty {
            guard mode == .create else { throw nothing }
            guard !findings.isInRecovery else {
                throw SessionsError(.readOnly, "\(place) is a standby and has no store: name the primary")
            }
            return 0
        }
        guard findings.hasStore, let version = try storedVersion() else {
            throw SessionsError(
                .notAStore,
                "the schema \(schema) at \(place) is not a session store: name another schema, or an empty one")
        }
        return try Self.checked(version, at: place)
    }

    private var nothing: SessionsError {
        SessionsError(
            .storeNotFound,
            "there is no session store in the schema \(schema) at \(place): check the database's name, or let a service make it"
        )
    }

    /// Refuses a store that a newer node has brought up to date meanwhile.
    static func checkVersion(on link: Link, at place: String) throws {
        let version = try link.run([read(.text(Schema.mark))])[0].first { $0.integer(0) } ?? 0
        _ = try checked(version, at: place)
    }

    /// A version, where this library can know it.
    private static func checked(_ version: Int64, at place: String) throws -> Int64 {
        guard version <= Schema.version else {
            throw SessionsError(
                .storeTooNew,
                "\(place) was written by a newer version (format \(version), this one knows \(Schema.version)): use the newer sessiontop"
            )
        }
        guard version >= 0 else { throw SessionsError.badFormat(version, at: place) }
        return version
    }

    private func findings() throws -> Findings {
        try link.run([Self.look(.text(schema))])[0].first {
            Findings(
                exists: $0.bool(0), mayUse: $0.bool(1), isEmpty: $0.bool(2), hasStore: $0.bool(3),
                isInRecovery: $0.bool(4))
        } ?? Findings()
    }

    /// The version in a table `store` that is ours; `nil` where it is somebody else's.
    private func storedVersion() throws -> Int64? {
        do {
            return try link.run([Self.read(.text(Schema.mark))])[0].first { $0.integer(0) }
        } catch let failure as PostgresFailure where ["42703", "42883", "42809"].contains(failure.state) {
            return nil
        }
    }

    private static let read = Statement("version", "SELECT version FROM store WHERE mark = $1")

    /// An identifier as SQL takes it, whatever is in it.
    static func quoted(_ identifier: String) -> String {
        "\"\(identifier.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
    }
}

extension SchemaKeeper {
    private static let number = Statement("namespace", "SELECT id FROM namespaces WHERE name = $1")

    /// The number of a namespace, made where it is missing and may be made.
    func namespaceNumber(of name: String, mayMake: Bool) throws -> Int64 {
        if let number = try link.run([Self.number(.text(name))])[0].first({ $0.integer(0) }) { return number }
        guard mayMake else { throw noNamespace(name) }
        let insert = Statement("", "INSERT INTO namespaces(name) VALUES ($1) ON CONFLICT DO NOTHING")
        _ = try link.run([insert(.text(name))])
        guard let number = try link.run([Self.number(.text(name))])[0].first({ $0.integer(0) }) else {
            throw noNamespace(name)
        }
        return number
    }

    private func noNamespace(_ name: String) -> SessionsError {
        SessionsError(.storeNotFound, "\(place) has no namespace `\(name)`: check the name")
    }
}
