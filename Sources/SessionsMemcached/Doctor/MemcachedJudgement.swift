internal import Sessions

/// What is wrong or unsafe about a server that holds copies, or sessions themselves, by its answers: no I/O.
struct MemcachedJudgement {
    let answers: MemcachedAnswers
    let safety: LinkSafety
    var purpose = Purpose.cache

    /// What the server is for.
    enum Purpose {
        /// It holds copies of what a database has.
        case cache
        /// It holds the sessions.
        case store
    }

    /// Everything that was looked at.
    var findings: [Finding] {
        [tls, password, rights, leases, eviction, memory, crawler, connections, answers.clock.finding]
    }

    // MARK: Who may do what

    private var tls: Finding {
        safety.finding(
            verify: "leave verify=none out of the URL", encrypt: "write memcacheds:// without plaintext=yes")
    }

    /// Under TLS a certificate is as good as a password; 2 asks for one, and takes none that the authority didn't sign.
    private var asksForCertificate: Bool {
        guard answers.flag("ssl_enabled") == true, let mode = answers.settings["ssl_verify_mode"] else { return false }
        return mode != "0" && mode != "1"
    }

    private var password: Finding {
        if asksForCertificate {
            return Finding("password", .fine, "the server asks for a client's certificate")
        }
        // The file with the users, or no; SASL is for the binary protocol, and leaves this one open.
        guard let file = answers.settings["auth_enabled_ascii"] else {
            return Finding("password", .unknown, "the server doesn't tell whether it asks for a password")
        }
        guard file == "no" else { return Finding("password", .fine, "the server asks for a user and a password") }
        return Finding(
            "password", safety == .local ? .warning : .problem,
            "the server asks nobody who they are: whoever reaches it reads and deletes every \(what)",
            advice: "start it with -Y and a file of users, or under TLS with ssl_verify_mode=2")
    }

    private var rights: Finding {
        guard let mayStop = answers.flag("shutdown_command") else {
            return Finding("rights", .unknown, "the server doesn't tell whether clients may stop it")
        }
        guard !mayStop else {
            return Finding(
                "rights", .warning, "every client may stop the server: it was started with -A",
                advice: "start it without -A (--enable-shutdown)")
        }
        return Finding("rights", .fine, "no client may stop the server")
    }

    private var what: String { purpose == .store ? "session" : "copy" }

    // MARK: Keeping what it has

    private var leases: Finding {
        guard let hasCAS = answers.flag("cas_enabled") else {
            return Finding("cas", .unknown, "the server doesn't tell whether it keeps a CAS")
        }
        guard hasCAS else {
            let verb = purpose == .store ? "written" : "cached"
            return Finding(
                "cas", .problem, "the server keeps no CAS: nothing can be \(verb) safely",
                advice: "start it without -C")
        }
        return Finding("cas", .fine, "the server keeps a CAS for each item")
    }

    private var eviction: Finding {
        guard let evicted = answers.count("evictions") else {
            return Finding("eviction", .unknown, "the server doesn't tell its evictions")
        }
        guard evicted > 0 else {
            if answers.settings["evictions"] == "off" {
                if purpose == .store {
                    return Finding("eviction", .fine, "a full server takes nothing new, and throws nothing out")
                }
                return Finding(
                    "eviction", .warning, "a full cache takes nothing new: it was started with -M",
                    advice: "start it without -M")
            }
            return Finding("eviction", .fine, "no \(what) was thrown out for want of memory")
        }
        if purpose == .store {
            return Finding(
                "eviction", .problem,
                "\(evicted) items were thrown out for want of memory since the start: sessions are lost",
                advice: "raise its memory (-m)")
        }
        let active = answers.count("evicted_active") ?? 0
        let inUse = active > 0 ? ", \(active) of them in use" : ""
        return Finding(
            "eviction", .warning, "\(evicted) copies were thrown out for want of memory since the start\(inUse)",
            advice: "raise its memory (-m): the database reads again what the cache forgets")
    }

    private var memory: Finding {
        guard let limit = answers.count("limit_maxbytes"), let used = answers.count("bytes") else {
            return Finding("memory", .unknown, "the server doesn't tell its memory")
        }
        let failures = (answers.count("store_no_memory") ?? 0, answers.count("malloc_fails") ?? 0)
        let (sum, isTooMuch) = failures.0.addingReportingOverflow(failures.1)
        let refused = isTooMuch ? .max : sum
        let words = "\(SizeText.short(Int(clamping: used))) of \(SizeText.short(Int(clamping: limit))) are in use"
        guard refused == 0 else {
            return Finding(
                "memory", .warning, "\(refused) writes found no memory since the start; \(words)",
                advice: "raise its memory (-m)")
        }
        return Finding("memory", .fine, words)
    }

    private var crawler: Finding {
        guard let isOn = answers.flag("lru_crawler") else {
            return Finding("lru-crawler", .unknown, "the server doesn't tell whether lru_crawler is on")
        }
        guard isOn else {
            return Finding(
                "lru-crawler", .warning, "lru_crawler is off: what has run out stays, and nothing can be listed",
                advice: "send it lru_crawler enable, and start it without no_lru_crawler")
        }
        guard answers.flag("dump_enabled") != false else {
            return Finding(
                "lru-crawler", .warning, "listing is off: it was started with -X", advice: "start it without -X")
        }
        return Finding("lru-crawler", .fine, "lru_crawler takes out what has run out")
    }

    // MARK: Connections

    private var connections: Finding {
        guard let disabled = answers.count("listen_disabled_num"), let open = answers.count("curr_connections"),
            let limit = answers.count("max_connections") ?? answers.settings["maxconns"].flatMap({ UInt64($0) })
        else { return Finding("connections", .unknown, "the server doesn't tell its connections") }
        let advice = "raise its connections (-c), or open fewer"
        let refused = max(disabled, answers.count("rejected_connections") ?? 0)
        guard refused == 0 else {
            return Finding(
                "connections", .warning, "it ran out of connections \(refused) times since the start", advice: advice)
        }
        let words = "\(open) of \(limit) connections are open"
        guard Double(open) < 0.9 * Double(limit) else {
            return Finding("connections", .warning, "\(words): soon nobody can connect", advice: advice)
        }
        return Finding("connections", .fine, words)
    }
}
