internal import Screen
internal import Yams

/// Reads a theme file: YAML of two levels, `name`, `appearance`, `palette`, `roles`.
///
/// What it doesn't know it warns about and goes on; only what is no such file at all is an error.
struct ThemeParser {
    private let file: String
    private let fallback: Theme?
    private var warnings: [ThemeNote] = []

    /// Creates a parser.
    ///
    /// - Parameters:
    ///   - file: what notes call the file.
    ///   - fallback: where roles that are left out come from.
    init(file: String, fallback: Theme?) {
        self.file = file
        self.fallback = fallback
    }

    /// The theme that a file's text describes; its own name where none is given.
    consuming func parse(_ text: String, name: String? = nil) throws(ThemeNote) -> LoadedTheme {
        guard let root = try compose(text) else {
            throw ThemeNote(file: file, message: "It is empty; a theme has a name, a palette and roles.")
        }
        guard let mapping = root.mapping else {
            throw ThemeNote(file: file, line: 1, message: "It must consist of \"name:\", \"palette:\" and \"roles:\".")
        }
        var written = name ?? ""
        var tone = fallback == nil ? Theme.Tone.any : .dark
        var palette: [String: Color] = [:]
        var roles: Node.Mapping?
        for (key, value) in mapping {
            switch key.string {
            case "name"?: written = name ?? value.string ?? ""
            case "appearance"?: tone = self.tone(value) ?? tone
            case "palette"?: palette = self.palette(value)
            case "roles"?: roles = value.mapping
            default: warn(key, "is not known here; there are name, appearance, palette and roles")
            }
        }
        let entries = self.entries(roles, StyleWords(palette: palette))
        let theme = Theme(name: written, tone: tone, palette: palette, entries: entries)
        return LoadedTheme(theme: theme, warnings: warnings)
    }

    private func compose(_ text: String) throws(ThemeNote) -> Node? {
        do {
            return try Yams.compose(yaml: text)
        } catch YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _)
        {
            let hint = "colours such as \"#1f2430\" need their quotes"
            throw ThemeNote(file: file, line: mark.line, message: "This is not YAML: \(problem); \(hint).")
        } catch {
            throw ThemeNote(file: file, message: "This is not YAML; write it as the built-in themes are written.")
        }
    }

    private mutating func tone(_ value: Node) -> Theme.Tone? {
        let tone = value.string.flatMap(Theme.Tone.init)
        if tone == nil { warn(value, "is no appearance; there are dark, light and any") }
        return tone
    }

    private mutating func palette(_ value: Node) -> [String: Color] {
        var palette: [String: Color] = [:]
        for (key, value) in value.mapping ?? [:] {
            guard let name = key.string, let word = value.string else { continue }
            if let color = StyleWords.color(word) {
                palette[name] = color
            } else {
                warn(value, "is no colour; use \"#rrggbb\", 0 to 255, default or a name such as brightred")
            }
        }
        return palette
    }

    private mutating func entries(_ roles: Node.Mapping?, _ words: StyleWords) -> [Role: Theme.Entry] {
        var entries: [Role: Theme.Entry] = [:]
        for role in Role.allCases { entries[role] = fallback?[role] }
        for (key, value) in roles ?? [:] {
            guard let role = key.string.flatMap(Role.init) else {
                warn(key, "is no role; see the built-in themes for all of them")
                continue
            }
            do {
                entries[role] = try entry(value, role, words)
            } catch {
                warnings.append(ThemeNote(file: file, line: value.mark?.line, message: error.message))
            }
        }
        return entries
    }

    /// One role: words, or words for each depth.
    private mutating func entry(_ value: Node, _ role: Role, _ words: StyleWords) throws(StyleWords.Unknown)
        -> Theme.Entry
    {
        guard let mapping = value.mapping else {
            guard let text = value.string else { throw StyleWords.Unknown(message: "Words are missing here.") }
            return complete(full: try words.look(text), sixteen: nil, eight: nil, mono: nil, role)
        }
        var looks: [String: Look] = [:]
        for (key, value) in mapping {
            guard let name = key.string, ["style", "16", "8", "mono"].contains(name) else {
                warn(key, "is no depth; there are style, 16, 8 and mono")
                continue
            }
            looks[name] = try words.look(value.string ?? "")
        }
        return complete(full: looks["style"], sixteen: looks["16"], eight: looks["8"], mono: looks["mono"], role)
    }

    /// Fills in the depths that a role doesn't speak of.
    ///
    /// Colours of its own are never turned into one of sixteen: those look as the terminal's user chose, so nobody could
    /// say whether the result can be read. The default theme, made of them, is asked instead.
    private func complete(full: Look?, sixteen: Look?, eight: Look?, mono: Look?, _ role: Role) -> Theme.Entry {
        let full = full ?? fallback?[role].full ?? .plain
        let sixteen = sixteen ?? (full.isStandard ? full : fallback?[role].sixteen ?? .plain)
        return Theme.Entry(
            full: full, sixteen: sixteen, eight: eight ?? sixteen,
            mono: mono?.attributes ?? fallback?[role].mono ?? full.attributes)
    }

    private mutating func warn(_ node: Node, _ message: String) {
        let word = Escaping.text(node.string ?? "This", limit: 40)
        warnings.append(ThemeNote(file: file, line: node.mark?.line, message: "\"\(word)\" \(message)."))
    }
}

extension Look {
    /// Whether a terminal of sixteen colours can show it as it is.
    fileprivate var isStandard: Bool {
        (colors + [background ?? .terminal]).allSatisfy { color in
            switch color {
            case .terminal: true
            case .indexed(let index): index < 16
            case .rgb: false
            }
        }
    }
}
