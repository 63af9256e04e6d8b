/// Rows as the node's admin API writes them.
extension SessionRow {
    package var json: JSONValue {
        [
            "id": .string(id.hexadecimal), "handle": .string("\(id.handle)"), "user": .text(user),
            "state": .string(state.rawValue), "created": .time(created), "lastSeen": .time(seen),
            "idleExpires": .time(deadlines.idle), "absoluteExpires": .time(deadlines.absolute), "ip": .text(ip),
            "agent": .text(agent), "node": .text(node), "bytes": .integer(byteCount), "revokedAt": .time(revokedAt),
        ]
    }

    package init(json: JSONValue) throws {
        let fields = try JSONFields(json)
        self.init(id: try fields.id("id"), state: try fields.word("state"))
        user = try fields.optionalText("user")
        created = try fields.optionalTime("created")
        seen = try fields.optionalTime("lastSeen")
        deadlines = Deadlines(
            idle: try fields.optionalTime("idleExpires"), absolute: try fields.optionalTime("absoluteExpires"))
        ip = try fields.optionalText("ip")
        agent = try fields.optionalText("agent")
        node = try fields.optionalText("node")
        byteCount = try fields.value("bytes") == nil ? nil : fields.count("bytes")
        revokedAt = try fields.optionalTime("revokedAt")
    }
}

extension RowPage {
    package var json: JSONValue {
        [
            "rows": .array(rows.map(\.json)),
            "next": .text(next.map { Base64URL.encode($0.mark) }),
        ]
    }

    package init(json: JSONValue, limit: Int) throws {
        let fields = try JSONFields(json)
        let next = try fields.value("next") == nil ? nil : RowCursor(mark: fields.bytes("next"))
        self.init(rows: try fields.list("rows", limit: limit).map { try SessionRow(json: $0) }, next: next)
    }
}

extension RowChanges {
    package var json: JSONValue {
        [
            "rows": .array(rows.map(\.json)), "removed": .array(removed.map { .string($0.hexadecimal) }),
            "position": .integer(position.value), "hasMore": .bool(hasMore), "mustReload": .bool(mustReload),
        ]
    }

    package init(json: JSONValue, limit: Int) throws {
        let fields = try JSONFields(json)
        self.init(
            rows: try fields.list("rows", limit: limit).map { try SessionRow(json: $0) },
            removed: try fields.ids("removed", limit: limit), position: ChangePosition(try fields.integer("position")),
            hasMore: try fields.flag("hasMore"), mustReload: try fields.flag("mustReload"))
    }
}

extension Revocation {
    package var json: JSONValue { ["at": .time(at), "by": .string(by), "reason": .text(reason)] }

    package init(json: JSONValue) throws {
        let fields = try JSONFields(json)
        self.init(at: try fields.time("at"), by: try fields.text("by"), reason: try fields.optionalText("reason"))
    }
}

extension SessionDetail {
    /// All of it: the one place where a payload is written, as stored.
    package var json: JSONValue {
        let places = location.map { JSONValue.array([.string($0.name), .string($0.value)]) }
        let stored: JSONValue? = payload.map {
            ["keyID": .text($0.keyID), "bytes": .string(Base64URL.encode($0.bytes))]
        }
        return [
            "row": row.json, "version": .integer(version), "authenticated": .time(authenticated),
            "revocation": revocation?.json ?? .null, "tenant": .text(tenant), "client": .text(client),
            "payload": stored ?? .null, "namespace": .string(namespace), "location": .array(places),
        ]
    }

    package init(json: JSONValue) throws {
        let fields = try JSONFields(json)
        let places = try fields.list("location", limit: 100).map { place in
            guard case .array(let pair) = place, pair.count == 2, case .string(let name) = pair[0],
                case .string(let value) = pair[1]
            else { throw JSONFields.malformed("location") }
            return (name: name, value: value)
        }
        self.init(
            row: try SessionRow(json: fields.value("row") ?? .null), namespace: try fields.text("namespace"),
            location: places)
        version = try fields.optionalInteger("version")
        authenticated = try fields.optionalTime("authenticated")
        revocation = try fields.value("revocation").map { try Revocation(json: $0) }
        tenant = try fields.optionalText("tenant")
        client = try fields.optionalText("client")
        if fields.value("payload") != nil {
            let stored = try fields.object("payload")
            payload = Payload(keyID: try stored.optionalText("keyID"), bytes: try stored.bytes("bytes"))
        }
    }
}
