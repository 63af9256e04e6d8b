internal import SessionLayouts
internal import Sessions

/// What the role may do with a layout's table.
extension TableStatements {
    /// Whether it may read payloads: without them there is still much to be seen, and all can be ended.
    var mayReadPayload: Bool {
        switch place.payload {
        case .column(let name): !table.hidden.contains(name)
        case .parts(let parts): partsTable?.hidden.isDisjoint(with: [parts.owner, parts.name, parts.value]) ?? false
        }
    }

    /// Checks that the role may read what every session needs.
    ///
    /// - Throws: `refused` where it may not.
    func checkReading(at place: String) throws {
        let needed = self.place.columns.filter { $0 != self.place.payloadColumn }
        guard !table.hidden.isDisjoint(with: needed) else { return }
        throw SessionsError(
            .refused,
            "the role may not read the sessions of \(place): grant it SELECT on \(table.name), or on its columns "
                + needed.joined(separator: ", "))
    }

    /// Why a session can't be ended; `nil`: it can.
    var revokeLack: String? {
        if let active = place.active {
            return table.fixed.contains(active) ? "UPDATE on \(table.name) (\(active))" : nil
        }
        let lacking = [table, partsTable].compactMap { $0 }.filter { !$0.mayDelete }.map(\.name)
        return lacking.isEmpty ? nil : "DELETE on \(lacking.joined(separator: ", "))"
    }

    /// Why a deadline can't be moved; `nil`: it can.
    func extendLack(movesPayload: Bool) -> String? {
        let columns = place.deadlineColumns + (movesPayload ? place.payloadColumn.map { [$0] } ?? [] : [])
        let lacking = columns.filter { table.fixed.contains($0) }
        return lacking.isEmpty ? nil : "UPDATE on \(table.name) (\(lacking.joined(separator: ", ")))"
    }
}
