import Sessions

/// What became of one session: a line of `revoke` or `extend`.
struct OutcomeLine: Sendable {
    /// The handle, or what was typed for one that isn't there.
    var handle: String
    /// Whose session it is, where known.
    var user: String?
    /// The word that programs go by.
    var outcome: String
    /// The same for people, with what else there is to say.
    var detail: String
    /// The deadline before and after an extend.
    var deadlines: (old: Timestamp?, new: Timestamp?)?

    /// The line as JSON.
    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("handle", .string(handle)), .init("user", .text(user)), .init("outcome", .string(outcome)),
            .init("detail", .string(detail)),
        ]
        if let deadlines { members += [.init("old", .time(deadlines.old)), .init("new", .time(deadlines.new))] }
        return .object(members)
    }

    /// Whether it means that something was not done.
    var isFailure: Bool { ["notFound", "failed", "cameBack", "refused"].contains(outcome) }

    /// A handle that no session has.
    static func missing(_ handle: String) -> OutcomeLine {
        OutcomeLine(handle: handle, outcome: "notFound", detail: "no session has this handle")
    }

    /// A session that the store gave no answer for.
    static func failed(_ session: Target.Session, because error: any Error) -> OutcomeLine {
        OutcomeLine(handle: "\(session.id.handle)", user: session.user, outcome: "failed", detail: "\(error)")
    }
}

extension OutcomeLine {
    /// What a revoke found.
    ///
    /// - Parameters:
    ///   - id: the session.
    ///   - user: whose it is.
    ///   - outcome: what the store says.
    ///   - capabilities: what a revoke does in this store.
    init(_ id: IDHash, user: String?, _ outcome: RevokeOutcome, in capabilities: Capabilities) {
        let detail =
            switch outcome {
            case .revoked: capabilities.revoked
            case .alreadyRevoked(let revocation?):
                "ended at \(revocation.at) by \(revocation.by)" + (revocation.reason.map { ": \($0)" } ?? "")
            case .alreadyRevoked(nil): "ended before"
            case .expired(let moment?): "expired at \(moment)"
            case .expired(nil): "expired before"
            case .notFound: "no such session any more"
            case .failed(let reason): reason
            }
        self.init(handle: "\(id.handle)", user: user, outcome: outcome.word, detail: detail)
    }

    /// What an extend found.
    init(_ session: Target.Session, _ outcome: ExtendOutcome) {
        var deadlines: (old: Timestamp?, new: Timestamp?)
        var detail: String
        switch outcome {
        case .extended(let old, let new):
            (deadlines, detail) = ((old, new), "the idle deadline moved as asked")
        case .clipped(let old, let new):
            (deadlines, detail) = ((old, new), "moved to the absolute deadline only: it can't live longer")
        case .unchanged(let deadline?):
            (deadlines, detail) = ((deadline, deadline), "it ends no earlier than that, or can't end later")
        case .unchanged(nil): (deadlines, detail) = ((nil, nil), "it never ends by itself")
        case .refused(let state): (deadlines, detail) = ((nil, nil), "it is \(state.rawValue): an extend never revives")
        case .notFound: (deadlines, detail) = ((nil, nil), "no such session any more")
        case .failed(let reason): (deadlines, detail) = ((nil, nil), reason)
        }
        self.init(
            handle: "\(session.id.handle)", user: session.user, outcome: outcome.word, detail: detail,
            deadlines: deadlines)
    }

    /// What a change would do.
    ///
    /// - Parameters:
    ///   - verb: `Revoke` or `Extend`.
    ///   - session: as it stands.
    ///   - deadline: where an extend would move its deadline to; `nil`: it is no extend.
    /// - Returns: the line, whose outcome never says that something was done.
    static func dryRun(_ verb: String, _ session: Target.Session, to deadline: NewDeadline?) -> OutcomeLine {
        var line = OutcomeLine(handle: "\(session.id.handle)", user: session.user, outcome: "", detail: "")
        if deadline != nil { line.deadlines = (nil, nil) }
        return switch session.state {
        case .live: line.live(verb, session.deadlines, to: deadline)
        case .revoked: line.with(verb == "Revoke" ? "alreadyRevoked" : "refused", "dry run: it was revoked before")
        case .expired: line.with(verb == "Revoke" ? "expired" : "refused", "dry run: it has expired")
        }
    }

    /// What would become of a live session.
    private func live(_ verb: String, _ deadlines: Deadlines?, to deadline: NewDeadline?) -> OutcomeLine {
        var line = with("would\(verb)", "dry run: it is live, and nothing was changed")
        guard let deadline, var deadlines else { return line }
        guard let old = deadlines.idle ?? deadlines.absolute else {
            return line.with("unchanged", "dry run: it never ends by itself")
        }
        switch deadlines.extend(to: deadline.wanted(from: old)) {
        case .extended(let old, let new): line.deadlines = (old, new)
        case .clipped(let old, let new):
            line.deadlines = (old, new)
            line.detail = "dry run: to the absolute deadline only, and nothing was changed"
        case .unchanged(let same):
            line.deadlines = (same, same)
            return line.with("unchanged", "dry run: it ends no earlier than that, or can't end later")
        case .refused, .notFound, .failed: break
        }
        return line
    }

    private func with(_ outcome: String, _ detail: String) -> OutcomeLine {
        var line = self
        (line.outcome, line.detail) = (outcome, detail)
        return line
    }
}
