extension Prompt {
    /// Goes back (or forward again) in what was typed before.
    mutating func recall(_ lines: [String], by step: Int) {
        guard !lines.isEmpty else { return }
        let place = (historyPlace ?? -1) + step
        guard place >= 0 else {
            historyPlace = nil
            field.replace(with: "")
            return
        }
        let bounded = min(place, lines.count - 1)
        historyPlace = bounded
        field.replace(with: lines[lines.count - 1 - bounded])
    }

    /// Fills in the next of what the last word could become.
    mutating func complete(by step: Int, candidates: [String]) {
        if completionPlace == nil { completions = Array(candidates.prefix(Self.completionLimit)) }
        guard !completions.isEmpty else { return }
        let count = completions.count
        let place = completionPlace.map { ($0 + step + count) % count } ?? (step > 0 ? 0 : count - 1)
        completionPlace = place
        field.replace(with: leadingWords + completions[place])
    }

    /// Completions offered at once.
    static let completionLimit = 50

    /// The last word, which is to be completed.
    var lastWord: Substring {
        let text = field.text
        return text.lastIndex(of: " ").map { text[text.index(after: $0)...] } ?? text[...]
    }

    /// Everything before the last word.
    var leadingWords: String { String(field.text.dropLast(lastWord.count)) }
}
