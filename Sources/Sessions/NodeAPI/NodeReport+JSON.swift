/// What nodes publish, as the admin API writes it.
extension Counters {
    /// What isn't zero, by name.
    package var json: JSONValue {
        .object(Name.allCases.filter { self[$0] != 0 }.map { .init($0.rawValue, .integer(self[$0])) })
    }

    /// Names that aren't known are passed over: the other side may be newer.
    package init(json: JSONValue) throws {
        guard case .object(let members) = json, members.count <= 1000 else { throw JSONFields.malformed("counters") }
        self.init()
        for member in members {
            guard let name = Name(rawValue: member.name) else { continue }
            guard case .number(let digits) = member.value, let value = Int64(digits) else {
                throw JSONFields.malformed("counters")
            }
            self[name] = value
        }
    }
}

extension NodeReport {
    package var json: JSONValue {
        let times: JSONValue? = latency.map { ["p50": .integer($0.p50), "p99": .integer($0.p99)] }
        return [
            "id": .string(id), "started": .time(started), "heartbeat": .time(heartbeat),
            "status": .string(status.rawValue), "applied": .integer(applied?.value), "lease": .seconds(lease),
            "counters": counters.json, "latencyMicroseconds": times ?? .null, "drain": drain?.json ?? .null,
        ]
    }

    package init(json: JSONValue) throws {
        let fields = try JSONFields(json)
        self.init(
            id: try fields.text("id"), started: try fields.time("started"), heartbeat: try fields.time("heartbeat"),
            status: try fields.word("status"), applied: try fields.optionalInteger("applied").map { FeedPosition($0) },
            lease: fields.value("lease") == nil ? nil : try fields.duration("lease"),
            counters: try Counters(json: fields.value("counters") ?? .null))
        if fields.value("drain") != nil { drain = try DrainReport(try fields.object("drain")) }
        if fields.value("latencyMicroseconds") != nil {
            let times = try fields.object("latencyMicroseconds")
            latency = Latency(p50: try times.count("p50"), p99: try times.count("p99"))
        }
    }
}

extension CounterSample {
    package var json: JSONValue {
        ["node": .string(node), "started": .time(started), "at": .time(at), "counters": counters.json]
    }

    package init(json: JSONValue) throws {
        let fields = try JSONFields(json)
        self.init(
            node: try fields.text("node"), started: try fields.time("started"), at: try fields.time("at"),
            counters: try Counters(json: fields.value("counters") ?? .null))
    }
}

extension StoreStatistics {
    private static let members: [(name: String, path: any (WritableKeyPath<StoreStatistics, Int> & Sendable))] = [
        ("sessions", \.sessions), ("users", \.users), ("anonymous", \.anonymous), ("withoutExpiry", \.withoutExpiry),
        ("expiringIn5Minutes", \.expiringIn5Minutes), ("expiringIn1Hour", \.expiringIn1Hour), ("revoked", \.revoked),
        ("expired", \.expired), ("payloadBytes", \.payloadBytes),
    ]

    package var json: JSONValue { .object(Self.members.map { .init($0.name, .integer(self[keyPath: $0.path])) }) }

    package init(json: JSONValue) throws {
        let fields = try JSONFields(json)
        self.init()
        for (name, path) in Self.members { self[keyPath: path] = try fields.count(name) }
    }

    /// The counts of two stores that share no session; users of both are counted twice.
    package static func + (a: StoreStatistics, b: StoreStatistics) -> StoreStatistics {
        var sum = a
        sum.knowsDeadlines = a.knowsDeadlines && b.knowsDeadlines
        for (_, path) in members {
            sum[keyPath: path] = a[keyPath: path].addingReportingOverflow(b[keyPath: path]).partialValue
        }
        return sum
    }
}

extension AuditEntry {
    package var json: JSONValue {
        [
            "number": .integer(number), "at": .time(at), "actor": .string(actor), "action": .string(action.rawValue),
            "target": .string(target), "count": .integer(count), "result": .string(result), "reason": .text(reason),
            "outcomesDigest": .string(Base64URL.encode(outcomesDigest)),
            "previous": .string(Base64URL.encode(previous)), "hash": .string(Base64URL.encode(hash)),
        ]
    }

    package init(json: JSONValue) throws {
        let fields = try JSONFields(json)
        self.init(
            number: try fields.integer("number"), at: try fields.time("at"), actor: try fields.text("actor"),
            action: try fields.word("action"), target: try fields.text("target"), count: try fields.count("count"),
            result: try fields.text("result"), reason: try fields.optionalText("reason"),
            outcomesDigest: try fields.bytes("outcomesDigest"), previous: try fields.bytes("previous"))
        hash = try fields.bytes("hash")
    }
}
