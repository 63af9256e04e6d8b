public import Sessions

/// The audit log: an item an entry, each with the hash of the one before.
///
/// The item that counts them may be behind: whoever finds an entry beyond it moves it on.
extension MemcachedStore {
    /// Adds an entry to the audit log.
    ///
    /// - Throws: `SessionsError` with `unavailable`: then nobody knows whether it is in.
    public func record(
        _ action: AuditAction, target: String, count: Int, result: String, outcomes: [AuditOutcome], order: Order
    ) async throws {
        let digest = AuditEntry.digest(of: outcomes)
        try await append { number, previous in
            AuditEntry(
                number: number, at: order.at, actor: order.actor, action: action, target: target, count: count,
                result: result, reason: order.reason, outcomesDigest: digest, previous: previous)
        }
    }

    /// The audit log's entries after a number, in order; those that the servers threw out are missing, as the chain shows.
    public func audit(after number: Int64, limit: Int) async throws -> [AuditEntry] {
        let known = try await auditEnd()?.end
        // Where the counter is lost, the entries are there all the same.
        let last = if let known { known.count } else { try await auditEnd(behind: .start).count }
        let first = max(0, number)
        guard limit > 0, first < last else { return [] }
        let numbers = Array((first..<last).prefix(limit).map { $0 + 1 })
        return try await forEach(numbers) { number in try await self.auditEntry(number) }.compactMap { $0 }
    }
}

extension MemcachedStore {
    /// Writes an order's entry.
    ///
    /// - Parameters:
    ///   - action: what was done.
    ///   - target: on what.
    ///   - order: by whom, when and why.
    ///   - outcomes: of each session that it was for.
    ///   - result: what came of it; `nil`: how many ended in each outcome.
    ///   - note: is added to the result.
    /// - Throws: `SessionsError` with `unavailable`: then nobody knows whether it is in.
    func close(
        _ action: AuditAction, target: String, _ order: Order, _ outcomes: [AuditOutcome], result: String? = nil,
        note: String? = nil
    ) async throws {
        let result = [result ?? AuditEntry.summary(of: outcomes), note].compactMap { $0 }.joined(separator: "; ")
        let digest = AuditEntry.digest(of: outcomes)
        try await append { number, previous in
            AuditEntry(
                number: number, at: order.at, actor: order.actor, action: action, target: target,
                count: outcomes.count, result: result, reason: order.reason, outcomesDigest: digest, previous: previous)
        }
    }

    /// Adds the entry that follows the last one: it is made again where somebody was faster.
    private func append(_ entry: (_ number: Int64, _ previous: [UInt8]) -> AuditEntry) async throws {
        try requireWritable()
        for _ in 0..<Self.attempts {
            let known = try await auditEnd()
            var end = known?.end ?? .start
            let next = entry(end.count + 1, end.hash)
            let isIn = try await add(next.packed, at: try names.audit(next.number), life: .endless)
            end = isIn ? AuditEnd(count: next.number, hash: next.hash) : try await auditEnd(behind: end)
            try await move(end, over: known?.found)
            if isIn { return }
        }
        throw isBusy
    }

    /// Where the log ends behind an entry that may not be its last: in strides that double, then in halves of them.
    ///
    /// So a lost counter costs a few dozen looks, however long the log is.
    private func auditEnd(behind known: AuditEnd) async throws -> AuditEnd {
        var (end, stride, isGrowing) = (known, Int64(1), true)
        while stride > 0 {
            let isTooFar = stride > Int64.max / 2 - end.count
            let entry = isTooFar ? nil : try await auditEntry(end.count + stride)
            if let entry { end = AuditEnd(count: end.count + stride, hash: entry.hash) } else { isGrowing = false }
            stride = isGrowing ? stride * 2 : stride / 2
        }
        return end
    }

    private func auditEntry(_ number: Int64) async throws -> AuditEntry? {
        try await fetch(try names.audit(number), bumps: false).map { try AuditEntry($0.bytes) }
    }

    private func move(_ end: AuditEnd, over found: Found?) async throws {
        let key = try names.audit
        if let found {
            _ = try await put(end.packed, at: key, over: found, life: .endless)
        } else {
            _ = try await add(end.packed, at: key, life: .endless)
        }
    }

    private func auditEnd() async throws -> (end: AuditEnd, found: Found)? {
        try await fetch(try names.audit, bumps: false).map { (try AuditEnd($0.bytes), $0) }
    }
}

/// Where the audit log ends.
struct AuditEnd: Sendable, Equatable {
    /// How many entries it has.
    var count: Int64
    /// The last one's hash.
    var hash: [UInt8]

    /// Where a log begins.
    static let start = AuditEnd(count: 0, hash: Array(repeating: 0, count: IDHash.byteCount))

    /// Makes an end.
    init(count: Int64, hash: [UInt8]) { (self.count, self.hash) = (count, hash) }

    /// Reads an end.
    init(_ bytes: [UInt8]) throws {
        var reader = try PackedReader(bytes)
        self.init(count: try reader.integer(), hash: try reader.data())
        guard (0..<Int64.max).contains(count) else { throw PackedReader.corrupt }
    }

    /// The end as it is kept.
    var packed: [UInt8] {
        var writer = PackedWriter()
        writer.add(count)
        writer.add(hash)
        return writer.bytes
    }
}
