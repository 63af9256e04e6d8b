/// The audit log.
extension Doctor {
    /// So many entries, and so many outcomes, are held at once.
    private static let (entriesAtOnce, outcomesAtOnce) = (1_000, 10_000)

    /// Whether each entry follows from the one before it.
    func auditChain() async throws -> Finding {
        var last: AuditEntry?
        while true {
            let entries = try await directory.audit(after: last?.number ?? 0, limit: Self.entriesAtOnce)
            guard !entries.isEmpty else { break }
            for entry in entries {
                guard entry.follows(last) else { return Self.broken(at: entry.number) }
                last = entry
            }
        }
        guard let count = last?.number else { return Finding("audit-chain", .fine, "the audit log has no entry yet") }
        return Finding("audit-chain", .fine, "\(count) entries, each with the hash of the one before")
    }

    private static func broken(at number: Int64) -> Finding {
        Finding(
            "audit-chain", .problem, "entry \(number) of the audit log doesn't follow from the one before it",
            advice: "the log was changed, cut or reordered from there on: compare it with a backup")
    }

    /// Whether the outcomes beside each entry are those that it was written with.
    func auditOutcomes() async throws -> Finding {
        var (last, count, untold) = (Int64(0), 0, 0)
        while true {
            let entries = try await directory.audit(after: last, limit: Self.entriesAtOnce)
            // Where numbers go back, the chain is broken, and that is told.
            guard let end = entries.last?.number, end > last else { break }
            for entry in entries {
                guard let areKept = try await hasItsOutcomes(entry) else {
                    untold += 1
                    continue
                }
                guard areKept else { return Self.altered(at: entry.number) }
                count += 1
            }
            last = end
        }
        guard untold == 0 else {
            return Finding(
                "audit-outcomes", .unknown,
                "of \(untold + count) entries of the audit log \(untold) have no outcomes beside them to compare with")
        }
        return Finding(
            "audit-outcomes", .fine, "the outcomes beside \(count) entries are those that they were written with")
    }

    /// Whether what stands beside an entry is what its digest is over; `nil`: nothing does.
    private func hasItsOutcomes(_ entry: AuditEntry) async throws -> Bool? {
        var digest = OutcomesDigest()
        let none = digest.bytes
        var place: Int64?
        repeat {
            do {
                let limit = Self.outcomesAtOnce
                guard let page = try await directory.auditOutcomes(of: entry.number, after: place, limit: limit) else {
                    // An entry that tells of no session needs none.
                    return entry.outcomesDigest == none ? true : nil
                }
                digest.add(page.outcomes)
                place = page.next
            } catch let error as SessionsError where error.code == .corrupt {
                return false
            }
        } while place != nil
        return entry.outcomesDigest == digest.bytes
    }

    private static func altered(at number: Int64) -> Finding {
        Finding(
            "audit-outcomes", .problem,
            "the outcomes beside entry \(number) of the audit log are not those that it was written with",
            advice: "somebody changed them, removed some or added others since: compare them with a backup")
    }
}
