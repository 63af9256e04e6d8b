internal import CCurses
internal import Screen

/// What curses is told to draw a cell with.
struct Ink {
    var attributes: UInt32
    var pair: Int32
}

/// Turns styles into attributes and colour pairs, and remembers both.
///
/// Pairs are made when they are first needed, and each once: terminals of eight colours have 64, fewer than there are
/// roles with an overlay.
struct InkWell {
    private struct Pair: Hashable {
        let foreground: Int32
        let background: Int32
    }

    private let depth: ColorDepth
    private let limit: Int32
    private var theme: Theme?
    private var inks: [Style: Ink] = [:]
    private var pairs: [Pair: Int32] = [:]

    init(depth: ColorDepth) {
        self.depth = depth
        limit = depth == .mono ? 0 : terminal_pairs()
    }

    /// Starts using a theme; the pairs of the one before are reused where they can be.
    ///
    /// - Returns: whether it is another one than before.
    mutating func use(_ theme: Theme) -> Bool {
        guard self.theme != theme else { return false }
        self.theme = theme
        inks.removeAll(keepingCapacity: true)
        pairs.removeAll(keepingCapacity: true)
        return true
    }

    /// The ink of a style.
    mutating func ink(_ style: Style) -> Ink {
        if let known = inks[style] { return known }
        let appearance = theme?.appearance(of: style, depth: depth) ?? .plain
        let ink = ink(appearance)
        inks[style] = ink
        return ink
    }

    private mutating func ink(_ appearance: Appearance) -> Ink {
        var attributes = InkWell.bits(appearance.attributes)
        guard limit > 0 else { return Ink(attributes: attributes, pair: 0) }
        var foreground = index(appearance.foreground, or: 7)
        let background = index(appearance.background, or: 0)
        if depth == .eight, foreground >= 8 {
            foreground -= 8
            attributes |= UInt32(terminal_bold)
        }
        let ground = depth == .eight && background >= 8 ? background - 8 : background
        let wanted = Pair(foreground: foreground, background: ground)
        if let pair = pair(wanted) { return Ink(attributes: attributes, pair: pair) }
        // No pair is left: what stood out by its ground stands out reversed.
        if appearance.background != .terminal { attributes |= UInt32(terminal_reverse) }
        return Ink(attributes: attributes, pair: 0)
    }

    private func index(_ color: Color, or fallback: Int32) -> Int32 {
        color.xtermIndex.map(Int32.init) ?? (terminal_has_default_colors() ? -1 : fallback)
    }

    private mutating func pair(_ wanted: Pair) -> Int32? {
        if wanted.foreground < 0, wanted.background < 0 { return 0 }
        if let known = pairs[wanted] { return known }
        let next = Int32(pairs.count + 1)
        guard next < limit, terminal_init_pair(next, wanted.foreground, wanted.background) else { return nil }
        pairs[wanted] = next
        return next
    }

    private static func bits(_ attributes: Attributes) -> UInt32 {
        let words: [(Attributes, Int)] = [
            (.bold, terminal_bold), (.dim, terminal_dim),
            (.italic, terminal_italic), (.underline, terminal_underline),
            (.reverse, terminal_reverse), (.strike, terminal_dim),
        ]
        return words.reduce(0) { attributes.contains($1.0) ? $0 | UInt32($1.1) : $0 }
    }
}
