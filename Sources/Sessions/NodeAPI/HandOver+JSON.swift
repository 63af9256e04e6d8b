/// Sessions on their way, as one node's admin API takes them from another.
extension HandOver {
    /// The most sessions in one piece.
    package static let limit = 1000

    package var json: JSONValue {
        [
            "node": .string(node), "cutoffs": .array(cutoffs.map(\.json)), "rows": .array(rows.map(\.json)),
            "tombstones": .array(tombstones.map(\.json)),
        ]
    }

    package init(json: JSONValue) throws {
        let fields = try JSONFields(json)
        self.init(
            node: try fields.text("node"), cutoffs: try fields.list("cutoffs").map { try Cutoff(json: $0) },
            rows: try fields.list("rows", limit: Self.limit).map { try Row(json: $0) },
            tombstones: try fields.list("tombstones", limit: Self.limit).map { try Tombstone(json: $0) })
    }
}

extension HandOver.Row {
    fileprivate var json: JSONValue {
        [
            "id": .string(id.hexadecimal), "version": .integer(version), "keyID": .text(sealed.keyID),
            "sealed": .string(Base64URL.encode(sealed.bytes)),
        ]
    }

    fileprivate init(json: JSONValue) throws {
        let fields = try JSONFields(json)
        let sealed = Payload(keyID: try fields.optionalText("keyID"), bytes: try fields.bytes("sealed"))
        self.init(id: try fields.id("id"), version: try fields.integer("version"), sealed: sealed)
    }
}

extension HandOver.Tombstone {
    fileprivate var json: JSONValue { ["id": .string(id.hexadecimal), "revocation": revocation.json] }

    fileprivate init(json: JSONValue) throws {
        let fields = try JSONFields(json)
        self.init(id: try fields.id("id"), revocation: try Revocation(json: fields.value("revocation") ?? .null))
    }
}

extension Cutoff {
    fileprivate var json: JSONValue {
        [
            "scope": .string(scope.kind), "key": .string(scope.key), "notBefore": .time(notBefore),
            "epoch": .integer(epoch.value),
        ]
    }

    fileprivate init(json: JSONValue) throws {
        let fields = try JSONFields(json)
        guard let scope = CutoffScope(kind: try fields.text("scope"), key: try fields.text("key")) else {
            throw JSONFields.malformed("scope")
        }
        self.init(
            scope: scope, notBefore: try fields.time("notBefore"), epoch: FeedPosition(try fields.integer("epoch")))
    }
}

extension DrainReport {
    package var json: JSONValue {
        [
            "found": .integer(found), "left": .integer(left), "handedOver": .integer(handedOver),
            "ended": .integer(ended), "unanswered": .integer(unanswered), "atRisk": .integer(atRisk),
            "failures": .object(
                failures.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) }),
        ]
    }

    /// The counts; why sessions could not be handed over, as far as it is text.
    init(_ fields: JSONFields) throws {
        self.init()
        (found, left) = (try fields.count("found"), try fields.count("left"))
        (handedOver, ended) = (try fields.count("handedOver"), try fields.count("ended"))
        unanswered = try fields.count("unanswered")
        guard case .object(let members)? = fields.value("failures") else { return }
        for member in members.prefix(256) {
            if case .string(let text) = member.value { failures[member.name] = String(text.prefix(500)) }
        }
    }
}
