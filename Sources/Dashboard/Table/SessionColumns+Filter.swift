internal import Sessions

extension SessionColumns {
    /// What a condition is asked with.
    struct FilterContext {
        /// The moment that time left, idle time and age are counted from.
        var now: Timestamp
        /// The layout of the store.
        var layout: String
    }

    /// The slots whose rows match, whatever their state; free slots may be among them.
    ///
    /// Column by column, a bit a row: texts are asked once each, however many rows have them.
    func matching(_ expression: FilterExpression, _ context: FilterContext) -> SlotSet {
        switch expression {
        case .everything: SlotSet(below: bound) { _ in true }
        case .term(let term): matching(term, context)
        case .not(let part):
            matching(part, context).inverted()
        case .all(let parts):
            parts.dropFirst().reduce(into: matching(parts[0], context)) { $0.formIntersection(matching($1, context)) }
        case .any(let parts):
            parts.dropFirst().reduce(into: matching(parts[0], context)) { $0.formUnion(matching($1, context)) }
        }
    }

    private func matching(_ term: FilterTerm, _ context: FilterContext) -> SlotSet {
        switch term {
        case .word(let pattern): matchingWord(pattern)
        case .user(let pattern): having(users.matching(pattern), userNumbers)
        case .node(let pattern): having(nodes.matching(pattern), nodeNumbers)
        case .agent(let pattern): having(agents.matching(pattern), agentNumbers)
        case .layout(let pattern):
            all(if: Array(context.layout.utf8).withUnsafeBufferPointer { pattern.matches($0) })
        case .id(let prefix): SlotSet(below: bound) { prefix.matches(ids[$0]) }
        case .ip(let network):
            having(ips.map { IPAddress($0).map(network.contains) ?? false }, ipNumbers)
        case .state(nil): all(if: true)
        case .state(let state?): SlotSet(below: bound) { flags[$0].standing == state }
        case .measure(let measure, let comparison, let limit):
            matching(measure, comparison, limit, at: context.now)
        case .has(let knowledge): knowing(knowledge)
        }
    }

    private func all(if isEvery: Bool) -> SlotSet { SlotSet(below: bound) { _ in isEvery } }

    private func having(_ answers: [Bool], _ numbers: [Interner.Number]) -> SlotSet {
        answers.withUnsafeBufferPointer { answers in
            numbers.withUnsafeBufferPointer { numbers in
                SlotSet(below: bound) { answers[Int(numbers[$0])] }
            }
        }
    }

    private func matchingWord(_ pattern: TextPattern) -> SlotSet {
        var slots = having(users.matching(pattern), userNumbers)
        slots.formUnion(having(ips.matching(pattern), ipNumbers))
        slots.formUnion(having(agents.matching(pattern), agentNumbers))
        // Most words have a letter beyond f, and can't be a part of a handle.
        if let test = pattern.handleTest { slots.formUnion(SlotSet(below: bound) { test(ids[$0].handle) }) }
        return slots
    }

    private func matching(
        _ measure: FilterMeasure, _ comparison: FilterComparison, _ limit: FilterQuantity, at now: Timestamp
    ) -> SlotSet {
        switch measure {
        case .ttl:
            SlotSet(below: bound) { place in
                let deadline = deadline(place)
                let left = FilterMeasure.timeLeft(to: deadline == .max ? nil : deadline, at: now)
                return comparison.holds(left, limit)
            }
        case .idle: since(seen, comparison, limit, at: now)
        case .age: since(created, comparison, limit, at: now)
        case .size:
            SlotSet(below: bound) { sizes[$0] != Self.unknownSize && comparison.holds(Int64(sizes[$0]), limit) }
        }
    }

    private func since(
        _ times: [Int64], _ comparison: FilterComparison, _ limit: FilterQuantity, at now: Timestamp
    ) -> SlotSet {
        SlotSet(below: bound) { place in
            times[place] != Self.unknown
                && comparison.holds((now - Timestamp(milliseconds: times[place])).wholeMilliseconds, limit)
        }
    }

    private func knowing(_ knowledge: FilterKnowledge) -> SlotSet {
        switch knowledge {
        case .expiry: SlotSet(below: bound) { deadline($0) != .max }
        case .user: SlotSet(below: bound) { userNumbers[$0] != 0 }
        case .ip: SlotSet(below: bound) { ipNumbers[$0] != 0 }
        case .agent: SlotSet(below: bound) { agentNumbers[$0] != 0 }
        case .node: SlotSet(below: bound) { nodeNumbers[$0] != 0 }
        case .size: SlotSet(below: bound) { sizes[$0] != Self.unknownSize }
        case .seen: SlotSet(below: bound) { seen[$0] != Self.unknown }
        case .created: SlotSet(below: bound) { created[$0] != Self.unknown }
        }
    }
}
