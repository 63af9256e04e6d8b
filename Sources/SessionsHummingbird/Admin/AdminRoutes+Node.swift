internal import HTTPTypes
internal import Sessions

extension AdminAPI {
    static let nodeRoutes = [
        AdminRoute(
            method: .get, path: "/v1/node", summary: "What this node is, does and holds"
        ) { call in .json(try await call.api.own()) },
        AdminRoute(
            method: .get, path: "/v1/nodes", summary: "What every node of the store has published",
            parameters: [
                .query("upTo", "a position: who has applied so much, but of a lost past, has applied nothing")
            ]
        ) { call in
            let directory = call.api.directory
            let position = try call.number("upTo").map { FeedPosition($0) }
            let reports =
                if let position {
                    try await directory.nodes(checkedUpTo: position)
                } else {
                    try await directory.nodes()
                }
            return .json(["nodes": .array(reports.map(\.json))])
        },
        AdminRoute(
            method: .get, path: "/v1/samples", summary: "The counters' history",
            parameters: [.query("since", "a moment in RFC 3339")]
        ) { call in
            guard let since = Timestamp(rfc3339: try call.text("since")) else { throw JSONFields.malformed("since") }
            let samples = try await call.api.directory.samples(since: since)
            return .json(["samples": .array(samples.suffix(10_000).map(\.json))])
        },
        AdminRoute(
            method: .post, path: "/v1/steer", summary: "Takes the node out, or in again",
            body: [
                ("to", "drain: no new sessions; maintenance: besides, hands its sessions over; ready: as before"),
                ("peers", "for maintenance: the names of the nodes that take them over; empty: nobody does"),
                ("actor", "who orders it"), ("reason", "why"), ("at", "when"),
            ], changes: true
        ) { call in .json(try await call.api.steer(call.body)) },
        AdminRoute(
            method: .post, path: "/v1/hand-over", summary: "Takes sessions over from another node",
            body: [
                ("node", "where they come from"), ("cutoffs", "those of its cut-offs that cover them"),
                ("rows", "live sessions, sealed with the key ring that the nodes share"),
                ("tombstones", "sessions that were revoked"),
            ], changes: true
        ) { call in
            guard let sticky = call.api.sticky else { throw Self.hasNoMemory }
            let answers = sticky.adopt(try HandOver(json: call.body.json))
            return .json(["answers": .array(answers.map { .string($0.rawValue) })])
        },
    ]

    private static let hasNoMemory = SessionsError(
        .unsupported, "this node's sessions lie in a store that outlives it: it needs no drain, and takes none over")

    private func steer(_ body: JSONFields) async throws -> JSONValue {
        guard let sticky else { throw Self.hasNoMemory }
        let peers = try body.list("peers", limit: 1000).map { peer in
            guard case .string(let name) = peer else { throw JSONFields.malformed("peers") }
            return name
        }
        sticky.steer(to: try body.word("to"), peers: peers, order: try Order(body))
        return try await own()
    }

    /// What the node says of itself.
    private func own() async throws -> JSONValue {
        let now = time.wall()
        let reports = try await directory.nodes()
        let own = reports.first { $0.id.hasBytes(of: node.id) && $0.started == node.started }
        var report =
            own
            ?? NodeReport(
                id: node.id, started: node.started, heartbeat: node.started, applied: node.applied ?? .start,
                lease: node.policy.lease, counters: node.counters)
        report.drain = sticky?.drained
        // What was published is a heartbeat old.
        if node.isDraining { report.status = .draining } else if report.status == .draining { report.status = .up }
        let description = directory.description
        return [
            "node": report.json, "now": .time(now), "memory": .bool(sticky != nil),
            "isDrained": .bool(sticky?.isDrained ?? false),
            "store": [
                "url": .string(description.url), "software": .string(description.software),
                "layout": .string(description.layout),
            ],
            "capabilities": directory.capabilities.json, "readOnly": .bool(isReadOnly),
        ]
    }
}
