internal import Sessions

extension Job {
    /// Where it stands, in a line: `durable 1,284 · effective on 3/4 nodes (waiting for web-02)`.
    public var line: String {
        switch stage {
        case .running: runningLine
        case .durable, .effective, .uncertain: "\(title): \(committedNote(stage) ?? "")"
        case .done: "\(title): \(countsNote)\(recheckNote)"
        case .stopped: "\(cutNote("stopped"))\(partNote)"
        case .failed(let reason) where done > 0: "\(cutNote("failed")): \(reason)\(partNote)"
        case .failed(let reason): "\(title): failed: \(reason)\(partNote)"
        }
    }

    /// Where that stands which is committed of a revoke; `nil` at other stages.
    ///
    /// What nobody expects is told before the stage, for a narrow screen cuts the line.
    private func committedNote(_ stage: Stage) -> String? {
        let words: String
        switch stage {
        case .durable: words = "\(durableNote)\(nodesNote)\(recheckNote)"
        case .effective(let after):
            let outcomes = mixedNote.map { "\($0) · " } ?? ""
            words = "\(outcomes)effective everywhere after \(after.tenths) s\(recheckNote)"
        case .uncertain(let reason) where tellsNodes:
            words = "\(durableNote)\(recheckNote) · not known to be effective: \(reason)"
        case .uncertain: words = "\(durableNote)\(recheckNote) · whether nodes serve it nobody can tell (r: why)"
        case .running, .done, .stopped, .failed: return nil
        }
        return alarm.map { "\($0) · \(words)" } ?? words
    }

    /// How much is committed: `durable 3`, or `durable, expired 1, revoked 2`.
    private var durableNote: String { mixedNote.map { "durable, \($0)" } ?? "durable \(Format.count(done))" }

    /// What became of the sessions, but for those that came back; `nil`: all that had an outcome were revoked.
    private var mixedNote: String? {
        let told = counts.filter { $0.key != Self.cameBack }
        let isMixed = told.contains { $0.key != RevokeOutcome.revoked.word }
        return isMixed ? note(told) : nil
    }

    /// How it ended, and after how much of it: that comes first, for a narrow screen cuts the line.
    private func cutNote(_ end: String) -> String {
        let sessions = Format.sessions(total)
        guard title == sessions else { return "\(title): \(end) after \(Format.count(done)) of \(Format.count(total))" }
        return "\(end) after \(Format.count(done)) of \(sessions)"
    }

    /// How far that has come which was done.
    private var partNote: String { partStage.flatMap(committedNote).map { " · \($0)" } ?? "" }

    private var runningLine: String {
        let verb = if case .extend = kind { "extending" } else { meaning == .unpins ? "unpinning" : "revoking" }
        let failures = failed > 0 ? " · \(Format.count(failed)) failed" : ""
        let hint = isStopping ? " · stopping" : " · Ctrl-C stops"
        return "\(verb) \(Format.count(done))/\(Format.count(total))\(failures)\(hint)"
    }

    private var nodesNote: String {
        let all = appliedNodes.count + waitingNodes.count
        guard all > 0 else { return "" }
        let waiting = waitingNodes.prefix(3).joined(separator: ", ") + (waitingNodes.count > 3 ? ", …" : "")
        let note = waiting.isEmpty ? "" : " (waiting for \(waiting))"
        return " · effective on \(appliedNodes.count)/\(all) nodes\(note)"
    }

    private var recheckNote: String {
        guard counts[Self.cameBack, default: 0] == 0 else { return "" }
        let word = word(Self.cameBack)
        return rechecks.filter { $0.cameBack != nil }.last.map { " · none \(word) by \($0.after.tenths) s" } ?? ""
    }

    /// That sessions came back, loudly, for as long as anything is told of the revoke; `nil`: none did.
    var alarm: String? {
        // What is unpinned is bound anew by its next request: that is no alarm, and stands among the outcomes.
        guard meaning != .unpins, let back = counts[Self.cameBack], back > 0 else { return nil }
        return "\(Format.count(back)) \(word(Self.cameBack).uppercased())"
    }

    /// How many sessions ended in each outcome: `already revoked 1, revoked 3`.
    public var countsNote: String { note(counts) }

    private func note(_ counts: [String: Int]) -> String {
        counts.sorted { $0.key < $1.key }.map { "\(word($0.key)) \(Format.count($0.value))" }.joined(separator: ", ")
    }

    /// The verb: what is done to the sessions.
    var verb: String {
        if case .extend = kind { "extend" } else { meaning == .unpins ? "unpin" : "revoke" }
    }

    /// What people read for the word of an outcome that programs go by.
    func word(_ outcome: String) -> String {
        switch (outcome, meaning) {
        case ("revoked", .unpins): "unpinned"
        case ("alreadyRevoked", .unpins): "unpinned before"
        case (Self.cameBack, .unpins): "bound anew"
        default: Self.words(outcome)
        }
    }

    /// What people read for the word of an outcome, where sessions are ended.
    static func words(_ outcome: String) -> String {
        switch outcome {
        case "alreadyRevoked": "already revoked"
        case cameBack: "came back"
        case "notFound": "not found"
        default: outcome
        }
    }

    /// The word that programs go by for a session that is there again.
    static let cameBack = AuditOutcome.cameBack

    /// What the operator is told when an event comes in; `nil`: nothing.
    func announcement(of event: JobEvent) -> (String, Flash.Level)? {
        guard let (text, level) = news(of: event) else { return nil }
        // Whatever is heard of a part, not all was done.
        return switch stage {
        case .stopped where level == .info: (text, .warning)
        case .failed where level == .info: (text, .error)
        default: (text, level)
        }
    }

    /// The same, by what is heard alone.
    private func news(of event: JobEvent) -> (String, Flash.Level)? {
        switch event {
        case .durable(let receipt) where !receipt.unreached.isEmpty: (line, .error)
        case .durable where counts["failed"] != nil: ("\(title): \(countsNote)", .error)
        case .durable where meaning == .unpins: (line, .info)
        case .durable: ("\(title): durable, \(countsNote)", .info)
        case .effective where alarm != nil: (line, .error)
        case .effective, .extended: (line, .info)
        case .rechecked(_, let ids) where !ids.isEmpty: (line, meaning == .unpins ? .info : .error)
        case .failed: (line, .error)
        case .uncertain: (line, tellsNodes ? .error : .warning)
        case .recheckFailed(let after, let reason):
            (
                "\(title): \(alarm.map { "\($0) · " } ?? "")no second look after \(after.tenths) s: \(reason)",
                alarm == nil ? .warning : .error
            )
        case .stopped: (line, .warning)
        case .progress, .applied, .rechecked: nil
        }
    }
}

extension Duration {
    /// Seconds to the tenth: `0.6`, and whole ones without: `2`.
    var tenths: String {
        let tenths = (wholeMilliseconds + 50) / 100
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
