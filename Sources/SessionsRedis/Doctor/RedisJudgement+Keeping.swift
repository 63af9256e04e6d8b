internal import Sessions

/// What may get lost.
extension RedisJudgement {
    // MARK: Memory

    var eviction: Finding {
        let evicted = answers.count("evicted_keys") ?? 0
        guard let policy = answers.info["maxmemory_policy"], let limit = answers.count("maxmemory") else {
            return Finding("eviction", .unknown, "the server doesn't tell its maxmemory and maxmemory-policy")
        }
        return purpose == .store ? evictionOfSessions(policy, limit, evicted) : evictionOfCopies(policy, limit, evicted)
    }

    private func evictionOfSessions(_ policy: String, _ limit: UInt64, _ evicted: UInt64) -> Finding {
        let advice = "CONFIG SET maxmemory-policy noeviction, and a maxmemory that is large enough"
        if evicted > 0 {
            return Finding(
                "eviction", .problem, "\(evicted) keys were thrown out for want of memory since the server started",
                advice: advice)
        }
        guard policy != "noeviction" else { return Finding("eviction", .fine, "nothing is thrown out: noeviction") }
        // Every key of ours has an expiry, so the volatile policies take sessions as well.
        return Finding(
            "eviction", limit == 0 ? .warning : .problem,
            "sessions and revokes are thrown out where memory is short: maxmemory-policy is \(Self.word(policy))",
            advice: advice)
    }

    private func evictionOfCopies(_ policy: String, _ limit: UInt64, _ evicted: UInt64) -> Finding {
        if policy == "noeviction", limit > 0 {
            return Finding(
                "eviction", .warning, "a full cache takes nothing new, tombstones included: noeviction",
                advice: "CONFIG SET maxmemory-policy allkeys-lru")
        }
        guard evicted > 0 else { return Finding("eviction", .fine, "no copy was thrown out for want of memory") }
        return Finding(
            "eviction", .warning, "\(evicted) copies were thrown out for want of memory since the server started",
            advice: "raise maxmemory: the database reads again what the cache forgets")
    }

    /// Whether looking changes what is thrown out: to read a key counts as a use of it, unless CLIENT NO-TOUCH is on.
    var recency: Finding {
        guard let policy = answers.info["maxmemory_policy"], let major = answers.version.first, major > 0 else {
            return Finding("recency", .unknown, "the server doesn't tell its version and its maxmemory-policy")
        }
        guard policy.hasSuffix("lru") || policy.hasSuffix("lfu") else {
            return Finding("recency", .fine, "nothing is thrown out by when it was last used: looking changes nothing")
        }
        let words = "looking at a session counts as a use of it, by which \(Self.word(policy)) chooses what goes"
        guard !answers.version.lexicographicallyPrecedes([7, 2]) else {
            return Finding(
                "recency", .warning, "\(words): before Redis 7.2 there is no CLIENT NO-TOUCH",
                advice: "bring it to Redis 7.2 or later, or to Valkey; or CONFIG SET maxmemory-policy noeviction")
        }
        guard let user = answers.user else {
            return unknown("recency", "whether looking at a session counts as a use of it", userCommand)
        }
        guard user.mayKeepIdleTimes else {
            return Finding(
                "recency", .warning, "\(words): this user may not run CLIENT NO-TOUCH",
                advice: "ACL SETUSER it +client|no-touch")
        }
        return Finding("recency", .fine, "looking leaves the keys' idle times alone")
    }

    var memory: Finding {
        guard let limit = answers.count("maxmemory"), let used = answers.count("used_memory") else {
            return Finding("memory", .unknown, "the server doesn't tell its memory")
        }
        let size = SizeText.short(Int(clamping: used))
        guard limit > 0 else {
            return Finding(
                "memory", .warning, "memory has no limit, \(size) are in use: the system ends a server that takes all",
                advice: "CONFIG SET maxmemory to what the machine can spare")
        }
        let share = Double(used) / Double(limit)
        let words = "\(size) of \(SizeText.short(Int(clamping: limit))) are in use"
        // A cache is meant to be full.
        guard share >= 0.9, purpose == .store else { return Finding("memory", .fine, words) }
        return Finding(
            "memory", share >= 1 ? .problem : .warning, "\(words): nobody can sign in once it is full",
            advice: "raise maxmemory, or purge what has ended")
    }

    // MARK: Disk

    var hasLog: Bool? { answers.info["aof_enabled"].map { $0 == "1" } }

    var persistence: Finding {
        guard let hasLog else { return Finding("persistence", .unknown, "whether the server keeps a log is unknown") }
        if hasLog { return Finding("persistence", .fine, "each change goes to a log on disk: appendonly yes") }
        guard let save = answers.config["save"] else {
            return unknown("persistence", "whether snapshots are saved (there is no log)", "CONFIG GET")
        }
        guard !save.isEmpty else {
            return Finding(
                "persistence", .problem, "nothing is kept on disk: a restart loses every session and every revoke",
                advice: "CONFIG SET appendonly yes, and write it into redis.conf (CONFIG REWRITE)")
        }
        return Finding(
            "persistence", .warning, "only snapshots are saved: a crash loses sessions and revokes since the last one",
            advice: "CONFIG SET appendonly yes, and write it into redis.conf (CONFIG REWRITE)")
    }

    var fsync: Finding {
        switch answers.config["appendfsync"] {
        case "always"?: return Finding("fsync", .fine, "a change is on the disk before it is answered")
        case "everysec"?:
            return Finding(
                "fsync", .warning, "a crash of the machine loses the last second, revokes too: appendfsync everysec",
                advice: "CONFIG SET appendfsync always, where a revoke must outlive a crash")
        case "no"?:
            return Finding(
                "fsync", .problem, "the system alone decides when changes reach the disk: appendfsync no",
                advice: "CONFIG SET appendfsync always, or everysec at least")
        case _?: return Finding("fsync", .unknown, "appendfsync has a value that isn't known")
        case nil: return unknown("fsync", "appendfsync", "CONFIG GET")
        }
    }

    var saving: Finding {
        let names = ["rdb_last_bgsave_status", "aof_last_write_status", "aof_last_bgrewrite_status"]
        let told = names.filter { answers.info[$0] != nil }
        guard !told.isEmpty else { return Finding("saving", .unknown, "whether the server could save is unknown") }
        let failed = told.filter { answers.info[$0] != "ok" }
        guard !failed.isEmpty else { return Finding("saving", .fine, "what was last written to disk was written well") }
        return Finding(
            "saving", .problem, "the server could not write to its disk: \(failed.joined(separator: ", "))",
            advice: "look at its log, its disk's room and the rights of its folder (CONFIG GET dir)")
    }

    // MARK: Replicas

    private var isReplica: Bool { answers.info["role"] == "slave" }

    var replicas: Finding {
        guard !isReplica else { return Finding("replicas", .fine, "this server is a replica itself: see replication") }
        guard let connected = answers.count("connected_slaves") else {
            return Finding("replicas", .unknown, "the server doesn't tell its replicas")
        }
        guard connected > 0 else {
            return Finding(
                "replicas", .warning, "no replica follows: sessions are gone with this machine",
                advice: "start a replica (replicaof HOST PORT), and let Sentinel watch both")
        }
        guard let needed = answers.config["min-replicas-to-write"] ?? answers.config["min-slaves-to-write"] else {
            return unknown("replicas", "min-replicas-to-write (\(connected) replicas follow)", "CONFIG GET")
        }
        guard let number = UInt64(needed), number > 0 else {
            return Finding(
                "replicas", .warning, "\(connected) replicas follow, but a server that lost them still takes writes",
                advice: "CONFIG SET min-replicas-to-write 1: what it takes then is lost in the failover")
        }
        return Finding("replicas", .fine, "\(connected) replicas follow, and writes need \(number) of them")
    }

    var replication: Finding {
        guard isReplica else {
            return Finding("replication", .fine, "this server is a primary")
        }
        guard answers.info["master_link_status"] != "up" else {
            return Finding(
                "replication", .warning, "this server is a replica, which shows the past of a moment ago",
                advice: "give the primary's address, or ask through Sentinel")
        }
        return Finding(
            "replication", .problem, "this server is a replica whose link to its primary is down",
            advice: "see that the primary runs, and that masterauth and the network between them are right")
    }
}
