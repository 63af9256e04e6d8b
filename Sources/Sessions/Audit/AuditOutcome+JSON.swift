extension AuditOutcome {
    package var json: JSONValue { ["id": .string(id.hexadecimal), "outcome": .string(word)] }

    package init(json: JSONValue) throws {
        let fields = try JSONFields(json)
        self.init(id: try fields.id("id"), word: try fields.text("outcome"))
    }
}
