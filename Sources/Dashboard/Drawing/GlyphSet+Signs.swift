internal import Screen

/// The signs of the dashboard. Each comes with a word or a letter and a colour; none means anything alone.
extension GlyphSet {
    private func pick(_ unicode: String, _ ascii: String) -> String { self == .ascii ? ascii : unicode }

    /// Something that works: a live session, a node that is up.
    var good: String { pick("●", "*") }
    /// Something at rest: an idle session, a draining node.
    var resting: String { pick("○", "o") }
    /// Something about to end.
    var ending: String { pick("◔", "!") }
    /// Something that has ended, or is broken.
    var ended: String { pick("✗", "x") }
    /// Something that went well.
    var done: String { pick("✓", "+") }
    /// Something to look at.
    var warning: String { pick("▲", "!") }
    /// Something under way.
    var busy: String { pick("◌", "~") }
    /// Smallest first.
    var ascending: String { pick("▲", "^") }
    /// Greatest first.
    var descending: String { pick("▼", "v") }
    /// An order that is put off.
    var held: String { pick("≈", "~") }
    /// A marked row.
    var mark: String { "*" }
    /// Between the first and the last of a range.
    var range: String { pick("–", "-") }
    /// Between a place and one within it.
    var step: String { pick("›", ">") }
    /// What isn't known.
    var unknown: String { pick("–", "-") }
    /// More above.
    var up: String { pick("▲", "^") }
    /// More below.
    var down: String { pick("▼", "v") }
    /// The line or button that has the focus.
    var pointer: String { pick("▸", ">") }
    /// A choice that is made, and one that isn't.
    func radio(_ isOn: Bool) -> String { isOn ? pick("(•)", "(*)") : "( )" }
    /// Something that is on, and something that isn't.
    func check(_ isOn: Bool) -> String { isOn ? "[x]" : "[ ]" }
    /// The place of an error under a line.
    var caret: String { "^" }
}
