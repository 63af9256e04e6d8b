extension JSONValue {
    /// The value over several lines, as people read it: two spaces a level, members and elements on lines of their own.
    ///
    /// - Parameter limit: at most so many lines; the last then says that there is more.
    /// - Returns: one line at least.
    public func lines(limit: Int = 10_000) -> [String] {
        var lines: [String] = []
        append(to: &lines, indent: 0, before: "", after: "", limit: limit)
        if lines.count >= limit { lines.append("…") }
        return lines
    }

    private func append(to lines: inout [String], indent: Int, before: String, after: String, limit: Int) {
        guard lines.count < limit else { return }
        let margin = String(repeating: "  ", count: indent)
        switch self {
        case .object(let members) where !members.isEmpty:
            lines.append("\(margin)\(before){")
            for (index, member) in members.enumerated() {
                let name = "\(JSONValue.string(member.name)): "
                let comma = index < members.count - 1 ? "," : ""
                member.value.append(to: &lines, indent: indent + 1, before: name, after: comma, limit: limit)
            }
            lines.append("\(margin)}\(after)")
        case .array(let elements) where !elements.isEmpty:
            lines.append("\(margin)\(before)[")
            for (index, element) in elements.enumerated() {
                let comma = index < elements.count - 1 ? "," : ""
                element.append(to: &lines, indent: indent + 1, before: "", after: comma, limit: limit)
            }
            lines.append("\(margin)]\(after)")
        default: lines.append("\(margin)\(before)\(self)\(after)")
        }
    }
}
