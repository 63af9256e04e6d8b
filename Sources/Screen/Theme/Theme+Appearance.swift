extension Theme {
    /// The least contrast of anything that is read (WCAG 2.2, level AA).
    public static let readable = 4.5

    /// What a style looks like.
    public func appearance(of style: Style, depth: ColorDepth) -> Appearance {
        let base = appearance(of: style.role, level: style.level, depth: depth)
        guard let overlay = style.overlay else { return base }
        return lay(look(of: overlay, depth: depth), appearance(of: overlay, level: 0, depth: depth), over: base, style)
    }

    /// What a role by itself looks like; colours that it doesn't name are those of ordinary text.
    private func appearance(of role: Role, level: UInt8, depth: ColorDepth) -> Appearance {
        let look = self.look(of: role, depth: depth)
        let text = self.look(of: .text, depth: depth)
        return Appearance(
            foreground: look.color(level: level) ?? text.color(level: 0) ?? .terminal,
            background: look.background ?? text.background ?? .terminal, attributes: look.attributes)
    }

    /// An overlay over what a cell looks like without it.
    private func lay(_ look: Look, _ overlay: Appearance, over base: Appearance, _ style: Style) -> Appearance {
        var result = base
        result.attributes.formUnion(overlay.attributes)
        if look.attributes.contains(.reverse) {
            // Reversed, the colours of a row's cells would make a patchwork of its bar.
            result.foreground = overlay.foreground
            result.background = overlay.background
            // So would dim cells, and a row of many of them hardly stands out.
            if !look.attributes.contains(.dim) { result.attributes.remove(.dim) }
        } else if look.background != nil {
            result.background = overlay.background
            if style.role == .text || !result.isReadable { result.foreground = overlay.foreground }
        } else if !look.colors.isEmpty || look.attributes.contains(.dim), base.background == overlay.background {
            // A colour that is dimmed can't be read on many terminals: what dims a cell takes its colour, too.
            result.foreground = overlay.foreground
        }
        // In another colour a cell isn't dimmed any more.
        if !look.attributes.contains(.dim), result.foreground != base.foreground { result.attributes.remove(.dim) }
        return result
    }
}

extension Appearance {
    /// Whether it can be read for certain, on this terminal and on one of 256 colours.
    fileprivate var isReadable: Bool {
        guard let exact = contrast, let shown = asShown.contrast else { return false }
        return min(exact, shown) >= Theme.readable
    }
}
