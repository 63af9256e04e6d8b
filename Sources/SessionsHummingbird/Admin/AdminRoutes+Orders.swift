internal import HTTPTypes
internal import Sessions

extension AdminAPI {
    private static let order: [(name: String, meaning: String)] = [
        ("actor", "who orders it"), ("reason", "why; may be left out"), ("at", "when, in RFC 3339"),
    ]

    static let orderRoutes = [
        AdminRoute(
            method: .post, path: "/v1/revoke", summary: "Ends sessions, for good, with an outcome for each, or a count",
            body: [
                ("sessions", "the sessions' hashes, at most 1000: exactly one of this and the next two"),
                ("user", "every live session of a user, with a cut-off"),
                ("everyone", "true: every live session, with a cut-off"),
            ] + order, changes: true
        ) { call in
            let target = try RevokeTarget(call.body, limit: pageLimit)
            return .json(try await call.api.directory.revoke(target, order: try Order(call.body)).json)
        },
        AdminRoute(
            method: .post, path: "/v1/cutoff", summary: "Ends whatever a tenant, a client, a user or everyone has",
            body: [
                ("kind", "tenant, client, user or everyone"), ("key", "its name; left out for everyone"),
            ] + order, changes: true
        ) { call in
            let scope = try CutoffScope(call.body)
            return .json(try await call.api.directory.cutOff(scope, order: try Order(call.body)).json)
        },
        AdminRoute(
            method: .post, path: "/v1/deny", summary: "Denies single tokens until they would have ended by themselves",
            body: [("tokens", "the denials' keys, at most 10000: see TokenDenial")] + order, changes: true
        ) { call in
            let denials = try call.body.ids("tokens").map { TokenDenial(key: $0) }
            return .json(try await call.api.directory.deny(denials, order: try Order(call.body)).json)
        },
        AdminRoute(
            method: .post, path: "/v1/extend", summary: "Moves idle deadlines later, with an outcome for each session",
            body: [
                ("sessions", "the sessions' hashes, at most 1000"), ("by", "so many seconds later: this or the next"),
                ("until", "a moment in RFC 3339"),
            ] + order, changes: true
        ) { call in
            let ids = try call.body.ids("sessions", limit: pageLimit)
            let outcomes = try await call.api.directory.extend(
                ids, to: try NewDeadline(call.body), order: try Order(call.body))
            return .json(["outcomes": .array(outcomes.map(\.json))])
        },
        AdminRoute(
            method: .post, path: "/v1/audit", summary: "Adds an entry to the audit log: a dry run, a reveal, an export",
            body: [
                ("action", "dryRun, reveal or export; revoke or extend for how one went on"),
                ("target", "of what"), ("count", "of how many sessions"),
                ("result", "what came of it; may be left out"),
                ("outcomes", "id and outcome of sessions, at most 1000; may be left out"),
            ] + order, changes: true
        ) { call in
            let action: AuditAction = try call.body.word("action")
            let result = String((try call.body.optionalText("result") ?? "recorded").prefix(2048))
            let outcomes = try call.body.list("outcomes", limit: pageLimit).map { try AuditOutcome(json: $0) }
            guard maySay(action, result, outcomes) else { throw JSONFields.malformed("action") }
            let target = String(try call.body.text("target").prefix(2048))
            try await call.api.directory.record(
                action, target: target, count: try call.body.count("count"), result: result, outcomes: outcomes,
                order: try Order(call.body))
            return .json([:])
        },
    ]

    /// Whether a client may have it put on the record: nobody gets a change there that this node didn't make.
    private static func maySay(_ action: AuditAction, _ result: String, _ outcomes: [AuditOutcome]) -> Bool {
        switch action {
        case .dryRun, .reveal, .export: outcomes.isEmpty
        case .revoke, .extend:
            if outcomes.isEmpty {
                result.hasPrefix(AuditEntry.stopped)
            } else {
                action == .revoke && outcomes.allSatisfy { $0.word == AuditOutcome.cameBack }
                    && result == AuditEntry.summary(of: outcomes)
            }
        case .cutoff, .deny, .reuse, .steer, .reseal: false
        }
    }
}
