import Sessions

/// A revoke on its way: done in pieces, followed until it is effective, and looked at again.
struct RevokeWork {
    let directory: any SessionDirectory
    let environment: CommandEnvironment
    let output: Output
    /// Whether anything was not done, or came back.
    private(set) var hasFailure = false
    /// The first error of the store.
    private(set) var error: (any Error)?
    /// What was committed; `nil`: nothing yet.
    private(set) var receipt: RevokeReceipt?
    /// The sessions that were ended, and have not come back since, with their users.
    private(set) var ended: [IDHash: String?] = [:]
    /// What was ordered, and why: for the record.
    private var ordered: (target: RevokeTarget, reason: String?) = (.sessions([]), nil)

    /// How many sessions a transaction ends: enough to be quick, few enough to hold up nobody.
    private static let pieceSize = 500

    init(directory: any SessionDirectory, environment: CommandEnvironment, output: Output) {
        self.directory = directory
        self.environment = environment
        self.output = output
    }

    /// Whether anything was committed.
    var didAnything: Bool { receipt != nil }

    /// Ends the sessions; an error ends the work, and stands in the lines of whatever was not done.
    ///
    /// - Parameters:
    ///   - target: which.
    ///   - reason: why.
    ///   - tell: is told what became of each, as soon as it is durable.
    mutating func revoke(_ target: Target, reason: String?, tell: ([OutcomeLine]) -> Void) async {
        note(target.missing.map(OutcomeLine.missing), tell)
        let order = environment.order(reason: reason)
        ordered = (target.revokeTarget, reason)
        switch target.choice {
        case .user, .everyone: note(await commit(target.revokeTarget, of: target.sessions, order), tell)
        case .handles, .filter:
            var rest = target.sessions[...]
            while !rest.isEmpty {
                let piece = Array(rest.prefix(Self.pieceSize))
                rest = rest.dropFirst(Self.pieceSize)
                note(await commit(.sessions(piece.map(\.id)), of: piece, order), tell)
            }
        }
        note(unlisted: receipt?.unlisted ?? 0)
        note(unreached: receipt?.unreached ?? [])
    }

    private mutating func note(_ lines: [OutcomeLine], _ tell: ([OutcomeLine]) -> Void) {
        hasFailure = hasFailure || lines.contains(where: \.isFailure)
        if !lines.isEmpty { tell(lines) }
    }

    private mutating func commit(
        _ target: RevokeTarget, of sessions: [Target.Session], _ order: Order
    ) async -> [OutcomeLine] {
        do {
            if let error { throw error }
            let answer = try await directory.revoke(target, order: order)
            if receipt == nil { receipt = answer } else { receipt?.add(answer) }
            for (id, user, outcome) in answer.outcomes where outcome == .revoked { ended[id] = .some(user) }
            note(unrecorded: await directory.takeUnrecorded())
            return answer.outcomes.map {
                OutcomeLine($0.id, user: $0.user, $0.outcome, in: directory.capabilities)
            }
        } catch {
            self.error = error
            note(unrecorded: await directory.takeUnrecorded())
            return sessions.map { .failed($0, because: error) }
        }
    }

    /// Says what the audit log could not take; then not all was done.
    private mutating func note(unrecorded sentences: [String]) {
        hasFailure = hasFailure || !sentences.isEmpty
        for sentence in sentences { output.note("Not on record: \(sentence).") }
    }

    /// Says how many sessions ended that no line is about.
    private func note(unlisted count: Int) {
        guard count > 0 else { return }
        output.note(
            "\(count) more sessions were revoked: too many to be named in one answer. They stand in the node's audit log, "
                + "and aren't looked at again.")
    }

    /// Says which nodes could not be told; where there are any, not all was done.
    mutating func note(unreached nodes: [String]) {
        guard !nodes.isEmpty else { return }
        hasFailure = true
        output.note(
            "Not effective: \(nodes.joined(separator: ", ")) could not be told, and what they hold of it is live. "
                + "Do it again when they answer.")
    }

    /// Waits until no node can serve the sessions, and says when that was and why.
    mutating func waitUntilEffective(_ receipt: RevokeReceipt) async {
        // Whatever those hold is live, however long one waits.
        guard receipt.unreached.isEmpty else { return }
        var hasLeases = false
        do {
            let cause = try await EffectivenessWatch.wait(
                for: receipt.position, durable: receipt.durable, time: environment.time,
                nodes: {
                    let reports = try await directory.nodes(checkedUpTo: receipt.position)
                    hasLeases = hasLeases || reports.contains { ($0.lease ?? .zero) > .zero }
                    return reports
                })
            let took = (environment.time.monotonic() - receipt.durable).wholeMilliseconds
            let why =
                switch cause {
                case .applied: "every node has applied it"
                case .leasesRanOut where hasLeases: "the leases of nodes that have not applied it ran out"
                case .leasesRanOut: "every node goes by its own memory, and answers from no copy"
                }
            output.note("Effective \(JSONValue.seconds(.milliseconds(took))) s after the commit: \(why).")
        } catch {
            leaveOpen("Durable; whether it is effective nobody can tell", error)
        }
    }

    /// Says, where nodes can't be asked, that what has not come back ended in the store at least.
    ///
    /// - Parameters:
    ///   - returned: how many came back.
    ///   - reason: why nodes can't be asked.
    func noteEnded(returned: Int, unknown reason: String) {
        guard returned == 0 || !ended.isEmpty else { return }
        let which = returned == 0 ? "Ended" : "The others ended"
        output.note("\(which) in the store; whether a node still serves them can't be known: \(reason).")
    }

    /// Looks 2 s and 10 s after the commit whether a session is live again.
    ///
    /// - Returns: what has become of those that are; where a look fails, of those that another look found.
    mutating func lookAgain(since durable: MonotonicInstant) async -> [OutcomeLine] {
        var returned: [OutcomeLine] = []
        for delay in [2, 10] where !ended.isEmpty {
            do {
                try await environment.time.sleep(durable + .seconds(delay))
                let found = try await SecondLook(ended).returned(in: directory, at: environment.time.wall())
                await record(found)
                for id in found {
                    let user = ended.removeValue(forKey: id) ?? nil
                    let detail = "live again \(delay) s after it was revoked: find out which service writes it"
                    returned.append(
                        OutcomeLine(handle: "\(id.handle)", user: user, outcome: AuditOutcome.cameBack, detail: detail))
                }
            } catch {
                leaveOpen("Durable; whether anything had come back after \(delay) s nobody can tell", error)
            }
        }
        hasFailure = hasFailure || !returned.isEmpty
        return returned
    }

    /// Puts on the record that sessions came back.
    private mutating func record(_ returned: [IDHash]) async {
        do {
            try await SecondLook.record(
                returned, of: ordered.target, by: environment.order(reason: ordered.reason), in: directory)
        } catch {
            note(unrecorded: ["\(returned.count) came back: \(SessionsError.reason(error))"])
        }
    }

    /// Says what an error of the store leaves open.
    private mutating func leaveOpen(_ what: String, _ error: any Error) {
        output.note("\(what): \(error)")
        self.error = self.error ?? error
        hasFailure = true
    }
}
