extension AuditEntry {
    /// The entry as it is kept.
    package var packed: [UInt8] {
        var writer = PackedWriter()
        writer.add(number)
        writer.add(at)
        for text in [actor, action.rawValue, target] { writer.add(text) }
        writer.add(Int64(count))
        writer.add(result)
        writer.add(reason)
        for bytes in [outcomesDigest, previous, hash] { writer.add(bytes) }
        return writer.bytes
    }

    /// Reads an entry as it stands in the store: whether it is right is for whoever verifies the chain.
    package init(_ bytes: [UInt8]) throws {
        var reader = try PackedReader(bytes)
        let (number, at, actor) = (try reader.integer(), try reader.moment(), try reader.text())
        guard let action = AuditAction(rawValue: try reader.text()) else {
            throw SessionsError.unknownAction
        }
        self.init(
            number: number, at: at, actor: actor, action: action, target: try reader.text(),
            count: Int(try reader.integer()), result: try reader.text(), reason: try reader.optionalText(),
            outcomesDigest: try reader.data(), previous: try reader.data())
        hash = try reader.data()
    }
}
