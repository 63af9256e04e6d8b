/// Looks a store over: what any store can be asked, and what only this one knows of itself.
///
/// It only looks. It reads the audit log with its outcomes and the nodes' reports whole, the counts once, and a few
/// sessions.
public struct Doctor: Sendable {
    /// So many sessions are looked at one by one.
    public static let sampleSize = 50
    /// A clock that is further off than this is told.
    public static let clockTolerance = Duration.seconds(2)

    let directory: any SessionDirectory
    private let cache: (any SharedCache)?
    private let now: Timestamp

    /// Makes one.
    ///
    /// - Parameters:
    ///   - directory: the store.
    ///   - cache: the shared cache in front of it, if it is to be looked at as well.
    ///   - now: the time by this machine's clock.
    public init(_ directory: any SessionDirectory, cache: (any SharedCache)? = nil, at now: Timestamp) {
        self.directory = directory
        self.cache = cache
        self.now = now
    }

    /// Everything that was looked at, the worst first.
    ///
    /// - Returns: a finding for each check; one that could not be made says so.
    /// - Throws: ``SessionsError`` with `unavailable` where the store gives no answer at all.
    public func examine() async throws -> [Finding] {
        var findings = try await directory.findings(at: now)
        findings += [
            await check("expiry", expiry), await check("payloads", payloads), await check("audit-chain", auditChain),
            await check("audit-outcomes", auditOutcomes),
            await check("clocks", clocks), await check("nodes", nodes), await check("resurrection", resurrection),
        ]
        if let store = directory as? any SessionStore {
            findings.append(await check("feed-times") { try await feedTimes(of: store) })
        }
        findings += await cacheFindings()
        return findings.enumerated()
            .sorted { ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset) }
            .map(\.element)
    }

    /// What the shared cache tells of itself; one that is away costs time alone, and doesn't keep the store from being
    /// looked at.
    private func cacheFindings() async -> [Finding] {
        guard let cache else { return [] }
        do {
            return try await cache.findings(at: now).map { finding in
                var finding = finding
                finding.check = "cache-\(finding.check)"
                return finding
            }
        } catch {
            let words = (error as? SessionsError)?.message ?? "it gave no answer"
            return [
                Finding(
                    "cache", .warning, "the shared cache can't be used: \(words)",
                    advice: "see that it runs: until then the database answers every look-up")
            ]
        }
    }

    private func check(_ name: String, _ look: () async throws -> Finding) async -> Finding {
        do { return try await look() } catch {
            let words = (error as? SessionsError)?.message ?? "the store gave no answer"
            return Finding(name, .unknown, "could not be looked at: \(words)")
        }
    }

    private func expiry() async throws -> Finding {
        let counts = try await directory.statistics(at: now)
        guard counts.knowsDeadlines else {
            return Finding(
                "expiry", .unknown, "when \(counts.sessions) live sessions end can't be told from this store",
                advice: directory.description.notes?.unknown)
        }
        guard counts.withoutExpiry > 0 else {
            return Finding("expiry", .fine, "each of \(counts.sessions) live sessions ends by itself")
        }
        return Finding(
            "expiry", .warning, "\(counts.withoutExpiry) of \(counts.sessions) live sessions never end by themselves",
            advice: "give every session an absolute timeout, and revoke those: --filter '-has:expiry'")
    }

    private func payloads() async throws -> Finding {
        let rows = try await directory.rows(after: nil, limit: Self.sampleSize).rows
        var (held, looked, plain) = (0, 0, 0)
        // Where another framework's layout doesn't tell how large a payload is, there may be one.
        let isNative = directory.description.layout == "native"
        for row in rows where row.standing(at: now) == .live && (row.byteCount ?? (isNative ? 0 : 1)) > 0 {
            guard let detail = try await directory.detail(row.id) else { continue }
            held += 1
            guard let payload = detail.payload else { continue }
            looked += 1
            if payload.keyID == nil { plain += 1 }
        }
        guard held > 0 else { return Finding("payloads", .fine, "no live session that was looked at has a payload") }
        guard looked > 0, isNative else { return Finding("payloads", .unknown, unreadable(held)) }
        guard plain > 0 else { return Finding("payloads", .fine, "of \(looked) payloads looked at all are sealed") }
        return Finding(
            "payloads", .problem, "\(plain) of \(looked) payloads looked at are not encrypted at rest",
            advice: "give every node the key ring; sessions are sealed as they are saved")
    }

    /// Why no payload could be looked at.
    private func unreadable(_ count: Int) -> String {
        let layout = directory.description.layout
        guard layout == "native" else {
            return "what \(layout) keeps is not sealed by this library: whether it is encrypted can't be told"
        }
        return "none of the payloads of \(count) sessions could be looked at: this user may not read them"
    }

    private func clocks() async throws -> Finding {
        if let reason = directory.capabilities.nodes.reason { return Finding("clocks", .unknown, reason) }
        let early = try await directory.nodes().filter { $0.heartbeat - now > Self.clockTolerance }
        guard let worst = early.max(by: { $0.heartbeat < $1.heartbeat }) else {
            return Finding("clocks", .fine, "no node's clock is ahead of this machine's")
        }
        return Finding(
            "clocks", .warning,
            "the clock of \(worst.id) is \((worst.heartbeat - now).rounded) ahead of this machine's",
            advice: "keep the clocks of nodes and operators together with NTP: deadlines are kept by them")
    }

    /// Whether a writer's clock was far ahead: the feed's times never fall, so all that came since is told as late.
    private func feedTimes(of store: any SessionStore) async throws -> Finding {
        let end = try await store.feed(after: .start, limit: 0).end
        let last = try await store.feed(after: end.previous, limit: 1).entries.last
        guard let last, last.at - now > NodePolicy.clockSkew else {
            return Finding("feed-times", .fine, "no entry of the feed is of a time to come")
        }
        return Finding(
            "feed-times", .warning, "the feed's last entry is of \(last.at): a clock was ahead when it was written",
            advice: "keep clocks together with NTP; no later entry is purged before then: in a database, set `at` of "
                + "the table feed to the present where it is later; nodes begin their copies anew")
    }

    private func nodes() async throws -> Finding {
        if let reason = directory.capabilities.nodes.reason { return Finding("nodes", .unknown, reason) }
        let running = try await directory.nodes().filter { !$0.status.isTakenOut }
        guard !running.isEmpty else { return Finding("nodes", .fine, "no node is at work, so none is silent") }
        let silent = running.filter { !$0.isAlive(at: now) }.map(\.id).sorted()
        guard !silent.isEmpty else { return Finding("nodes", .fine, "\(running.count) nodes are up, none is silent") }
        return Finding(
            "nodes", .warning, "without a sign of life: \(silent.joined(separator: ", "))",
            advice: "see whether they run: what they held in memory is lost, and each revoke waits δ for them")
    }

    private func resurrection() async throws -> Finding {
        if let reason = directory.capabilities.nodes.reason { return Finding("resurrection", .unknown, reason) }
        guard directory.capabilities.revokeMeaning == .ends else {
            return Finding("resurrection", .unknown, "a balancer doesn't see what nodes write: add --with STORE")
        }
        let alarms = try await directory.nodes().map { ($0.id, $0.counters[.resurrectionAlarms]) }.filter { $0.1 > 0 }
        guard let worst = alarms.max(by: { $0.1 < $1.1 }) else {
            return Finding("resurrection", .fine, "no node has tried to write to a session that had ended")
        }
        let total = alarms.reduce(0) { $0 + $1.1 }
        return Finding(
            "resurrection", .warning, "\(total) writes to ended sessions were refused, most of them on \(worst.0)",
            advice: "requests outlive the revoke of their session there: none came back, but look for long requests")
    }
}

extension Duration {
    /// To a tenth of a second, for people.
    fileprivate var rounded: String { "\((self / .milliseconds(100)).rounded() / 10) s" }
}
