/// What operators order, and what became of it, as the admin API writes it.
extension Order {
    package var members: [JSONValue.Member] {
        [.init("actor", .string(actor)), .init("reason", .text(reason)), .init("at", .time(at))]
    }

    /// Reads who orders something, why and when; a text is cut where it is far too long.
    package init(_ fields: JSONFields) throws {
        let (actor, reason) = (try fields.text("actor"), try fields.optionalText("reason"))
        guard !actor.isEmpty else { throw JSONFields.malformed("actor") }
        self.init(
            actor: String(actor.prefix(256)), reason: reason.map { String($0.prefix(2048)) }, at: try fields.time("at"))
    }
}

extension RevokeTarget {
    package var member: JSONValue.Member {
        switch self {
        case .sessions(let ids): .init("sessions", .array(ids.map { .string($0.hexadecimal) }))
        case .user(let user): .init("user", .string(user))
        case .everyone: .init("everyone", .bool(true))
        }
    }

    /// Reads whom a revoke is for: exactly one of the three.
    package init(_ fields: JSONFields, limit: Int) throws {
        let isEveryone = try fields.flag("everyone")
        let user = try fields.optionalText("user")
        let hasSessions = fields.value("sessions") != nil
        switch (hasSessions, user, isEveryone) {
        case (true, nil, false): self = .sessions(try fields.ids("sessions", limit: limit))
        case (false, let user?, false): self = .user(user)
        case (false, nil, true): self = .everyone
        default: throw JSONFields.malformed("one of sessions, user and everyone")
        }
    }
}

extension CutoffScope {
    package var members: [JSONValue.Member] { [.init("kind", .string(kind)), .init("key", .string(key))] }

    /// Reads whom a cut-off applies to.
    package init(_ fields: JSONFields) throws {
        let key = try fields.optionalText("key") ?? ""
        guard let scope = CutoffScope(kind: try fields.text("kind"), key: key) else {
            throw JSONFields.malformed("kind")
        }
        guard key.isEmpty == (scope == .everyone) else { throw JSONFields.malformed("key") }
        self = scope
    }
}

extension RevokeOutcome {
    package var members: [JSONValue.Member] {
        let word = JSONValue.Member("outcome", .string(word))
        return switch self {
        case .revoked, .notFound: [word]
        case .alreadyRevoked(let revocation): [word, .init("revocation", revocation?.json ?? .null)]
        case .expired(let moment): [word, .init("at", .time(moment))]
        case .failed(let reason): [word, .init("because", .string(reason))]
        }
    }

    package init(_ fields: JSONFields) throws {
        switch try fields.text("outcome") {
        case "revoked": self = .revoked
        case "notFound": self = .notFound
        case "alreadyRevoked": self = .alreadyRevoked(try fields.value("revocation").map { try Revocation(json: $0) })
        case "expired": self = .expired(at: try fields.optionalTime("at"))
        case "failed": self = .failed(because: try fields.text("because"))
        default: throw JSONFields.malformed("outcome")
        }
    }
}

extension ExtendOutcome {
    package var json: JSONValue {
        let word = JSONValue.Member("outcome", .string(word))
        return switch self {
        case .extended(let old, let new), .clipped(let old, let new):
            .object([word, .init("from", .time(old)), .init("to", .time(new))])
        case .unchanged(let deadline): .object([word, .init("deadline", .time(deadline))])
        case .refused(let state): .object([word, .init("state", .string(state.rawValue))])
        case .notFound: .object([word])
        case .failed(let reason): .object([word, .init("because", .string(reason))])
        }
    }

    package init(json: JSONValue) throws {
        let fields = try JSONFields(json)
        switch try fields.text("outcome") {
        case "extended": self = .extended(from: try fields.time("from"), to: try fields.time("to"))
        case "clipped": self = .clipped(from: try fields.time("from"), to: try fields.time("to"))
        case "unchanged": self = .unchanged(deadline: try fields.optionalTime("deadline"))
        case "refused": self = .refused(try fields.word("state"))
        case "notFound": self = .notFound
        case "failed": self = .failed(because: try fields.text("because"))
        default: throw JSONFields.malformed("outcome")
        }
    }
}

extension NewDeadline {
    package var member: JSONValue.Member {
        switch self {
        case .by(let duration): .init("by", .seconds(duration))
        case .until(let moment): .init("until", .time(moment))
        }
    }

    package init(_ fields: JSONFields) throws {
        switch (fields.value("by"), try fields.optionalTime("until")) {
        case (.some, nil): self = .by(try fields.duration("by"))
        case (nil, let moment?): self = .until(moment)
        default: throw JSONFields.malformed("one of by and until")
        }
    }
}

extension RevokeReceipt {
    /// The receipt in as many bytes as anybody reads.
    ///
    /// What was done must not look as if it had failed: of very many sessions that were revoked the rest is counted.
    package var json: JSONValue {
        var (listed, unlisted) = ([JSONValue](), self.unlisted)
        // The object around them is far smaller.
        var room = JSONValue.byteLimit - 1024
        var bytes: [UInt8] = []
        for outcome in outcomes {
            let value = JSONValue.object(
                [.init("id", .string(outcome.id.hexadecimal)), .init("user", .text(outcome.user))]
                    + outcome.outcome.members)
            bytes.removeAll(keepingCapacity: true)
            value.write(to: &bytes)
            guard outcome.outcome != .revoked || bytes.count < room else {
                unlisted += 1
                continue
            }
            room -= bytes.count + 1
            listed.append(value)
        }
        return [
            "outcomes": .array(listed), "unlisted": .integer(unlisted), "position": .integer(position.value),
        ]
    }

    /// Reads a receipt that was durable at a moment.
    package init(json: JSONValue, durable: MonotonicInstant) throws {
        let fields = try JSONFields(json)
        let outcomes = try fields.list("outcomes", limit: 1_000_000).map { outcome in
            let fields = try JSONFields(outcome)
            return (id: try fields.id("id"), user: try fields.optionalText("user"), outcome: try RevokeOutcome(fields))
        }
        self.init(outcomes: outcomes, position: FeedPosition(try fields.integer("position")), durable: durable)
        if fields.value("unlisted") != nil { unlisted = try fields.count("unlisted") }
    }
}
