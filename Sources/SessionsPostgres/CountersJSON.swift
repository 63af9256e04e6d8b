internal import Sessions

/// Counters as a JSON object of numbers, zeros left out: `{"requests":12,"l1.hit":9}`.
extension Counters {
    /// Writes them.
    var json: String {
        let counted = Name.allCases.filter { self[$0] != 0 }
        return JSONValue.object(counted.map { JSONValue.Member($0.rawValue, .integer(self[$0])) }).description
    }

    /// Reads what ``json`` wrote; names that this version doesn't know are passed over.
    init(json: [UInt8]) {
        self.init()
        guard case .object(let members) = JSONValue(parsing: json) else { return }
        for member in members {
            guard let name = Name(rawValue: member.name), case .number(let digits) = member.value else { continue }
            self[name] = Int64(digits) ?? 0
        }
    }
}
