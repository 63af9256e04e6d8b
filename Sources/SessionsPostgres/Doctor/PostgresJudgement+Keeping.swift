internal import Sessions

/// What may get lost, and what makes everything slow.
extension PostgresJudgement {
    // MARK: Disk and standbys

    var fsync: Finding {
        guard let fsync = answers.settings["fsync"], let pages = answers.settings["full_page_writes"] else {
            return Finding("fsync", .unknown, "whether the server writes through to its disk is unknown")
        }
        if fsync != "on" {
            return Finding(
                "fsync", .problem, "a crash loses sessions and revokes, and may damage them all: fsync is off",
                advice: "ALTER SYSTEM SET fsync = on, and reload the configuration")
        }
        guard pages == "on" else {
            return Finding(
                "fsync", .warning, "a crash may damage pages that were half written: full_page_writes is off",
                advice: "ALTER SYSTEM SET full_page_writes = on, unless the file system writes pages whole")
        }
        return Finding("fsync", .fine, "the server writes through to its disk")
    }

    /// The library's own connections wait for the disk, whatever the default is.
    var durability: Finding {
        guard let mode = answers.settings["synchronous_commit"] else {
            return Finding("durability", .unknown, "what a commit waits for is unknown")
        }
        if mode == "off" {
            return Finding(
                "durability", .warning,
                "other programs' commits wait for nothing: synchronous_commit is off (sessiontop's own wait for the disk)",
                advice: "ALTER ROLE or ALTER DATABASE … RESET synchronous_commit")
        }
        if mode == "local", answers.settings["synchronous_standby_names"]?.isEmpty == false {
            return Finding(
                "durability", .warning,
                "commits don't wait for the standbys that were named: synchronous_commit is local",
                advice: "set synchronous_commit to on, where a revoke must outlive the primary")
        }
        return Finding("durability", .fine, "a commit waits for the disk: synchronous_commit is \(Self.word(mode))")
    }

    var standbys: Finding {
        guard let state = answers.replication else {
            return Finding("replicas", .unknown, "whether a standby follows is unknown")
        }
        if state.isStandby {
            guard state.hasPrimary else {
                return Finding(
                    "replicas", .problem, "this server is a standby that hears nothing from its primary",
                    advice: "see that the primary runs, and look at the standby's log")
            }
            return Finding(
                "replicas", .warning, "this server is a standby, which shows the past of a moment ago",
                advice: "name the primary, or all hosts: the library finds the one that takes writes")
        }
        guard state.standbys > 0 else {
            return Finding(
                "replicas", .warning, "no standby follows: sessions are gone with this machine",
                advice: "make a standby (pg_basebackup -R), or archive the log (pgbackrest, barman)")
        }
        guard answers.settings["synchronous_standby_names"]?.isEmpty == false else {
            return Finding(
                "replicas", .warning,
                "\(state.standbys) standbys follow, but no commit waits for one: a failover may lose the last revokes",
                advice: "set synchronous_standby_names, where a revoke must outlive the primary")
        }
        return Finding(
            "replicas", .fine, "\(state.standbys) standbys follow, and commits wait for those that are named")
    }

    // MARK: Tables

    var indexes: Finding {
        guard let found = answers.indexes else { return Finding("indexes", .unknown, "the indexes are unknown") }
        let missing = Schema.indexes.filter { found[$0] == nil }
        let broken = Schema.indexes.filter { found[$0] == false }
        guard missing.isEmpty else {
            return Finding(
                "indexes", .problem,
                "indexes are missing, and whole tables are read: \(missing.joined(separator: ", "))",
                advice: "make them again as the library's schema has them: CREATE INDEX CONCURRENTLY")
        }
        guard broken.isEmpty else {
            return Finding(
                "indexes", .problem, "indexes are not whole, and are not used: \(broken.joined(separator: ", "))",
                advice: "REINDEX INDEX CONCURRENTLY them")
        }
        return Finding("indexes", .fine, "all \(Schema.indexes.count) indexes are there")
    }

    var finality: Finding {
        guard let isKept = answers.keepsFinality else {
            return Finding("finality", .unknown, "whether the server keeps ended sessions ended is unknown")
        }
        guard isKept else {
            return Finding(
                "finality", .problem, "another program could bring an ended session back: the trigger is gone or off",
                advice: "ALTER TABLE sessions ENABLE TRIGGER ended_for_good, or make it again from a new store's schema"
            )
        }
        return Finding("finality", .fine, "the server itself keeps ended sessions ended")
    }

    var deadRows: Finding {
        let advice = "VACUUM it; look for a transaction that stays open, and see that autovacuum is on"
        if answers.settings["autovacuum"] == "off" {
            return Finding("dead-rows", .warning, "autovacuum is off: dead rows pile up", advice: advice)
        }
        guard let tables = answers.tables, !tables.isEmpty else {
            return Finding("dead-rows", .unknown, "the tables' figures are unknown")
        }
        if let table = tables.first(where: \.isLeftOut) {
            return Finding("dead-rows", .warning, "autovacuum passes over \(Self.word(table.name))", advice: advice)
        }
        // Autovacuum begins at a twentieth of sessions, and a fifth of other tables.
        let bad = tables.filter { $0.dead > 10_000 && $0.dead > $0.live / 3 }
        guard let worst = bad.max(by: { $0.dead < $1.dead }) else {
            return Finding(
                "dead-rows", .fine, "\(tables.reduce(0) { $0 + $1.dead }) rows are dead in \(tables.count) tables")
        }
        return Finding(
            "dead-rows", .warning,
            "\(worst.dead) rows of \(Self.word(worst.name)) are dead beside \(worst.live) live ones",
            advice: advice)
    }

    /// A row's header and its place in the page's list.
    private static let rowOverhead: Int64 = 28

    var bloat: Finding {
        guard let rows = answers.rows else { return Finding("bloat", .unknown, "the size of the table is unknown") }
        let size = SizeText.short(Int(clamping: rows.bytes))
        // What is small is read at once, however empty it is.
        guard rows.bytes > 64 << 20 else { return Finding("bloat", .fine, "the table of sessions has \(size)") }
        guard rows.isComplete, rows.count >= 0 else {
            return Finding(
                "bloat", .unknown, "the table of sessions has \(size); how much of it is empty is unknown",
                advice: "ANALYZE it, and ask as a role that may read all its columns")
        }
        // The fill factor leaves a quarter of each page free.
        let needed = rows.count.multipliedReportingOverflow(by: (rows.width + Self.rowOverhead) * 4 / 3)
        guard !needed.overflow, rows.bytes / 3 > needed.partialValue else {
            return Finding("bloat", .fine, "the table of sessions has \(size), which its rows need")
        }
        let need = SizeText.short(Int(clamping: needed.partialValue))
        return Finding(
            "bloat", .warning, "the table of sessions has \(size) for rows that need \(need)",
            advice: "pg_repack it, or VACUUM FULL while the services stand still")
    }
}
