extension Key: CustomStringConvertible {
    /// The key's name as help shows it and configuration writes it: `q`, `Ctrl-D`, `Space`, `PgDn`, `F5`.
    public var description: String {
        switch self {
        case .character(" "): "Space"
        case .character(let character): String(character)
        case .control(" "): "Ctrl-Space"
        case .control(let letter): "Ctrl-" + letter.uppercased()
        case .alt(" "): "Alt-Space"
        case .alt(let character): "Alt-" + String(character)
        case .function(let number): "F\(number)"
        case .named(let name): name.rawValue
        case .mouse(let mouse): "\(mouse.action)"
        case .paste: "paste"
        case .resize(let size): "resize \(size.columns)x\(size.rows)"
        }
    }

    /// Reads the name of a key; names of more than one letter are read in any case.
    ///
    /// - Parameter name: such as `q`, `G`, `Ctrl-D`, `^D`, `Space`, `PgDn`, `F5`.
    public init?(_ name: String) {
        if let only = name.first, name.dropFirst().isEmpty {
            guard Key.isTypeable(only) else { return nil }
            self = .character(only)
            return
        }
        let lower = name.lowercased()
        if let named = Key.byName[lower] {
            self = named
        } else if lower.hasPrefix("ctrl-"), let key = Key.control(named: String(lower.dropFirst(5))) {
            self = key
        } else if lower.hasPrefix("^"), let key = Key.control(named: String(lower.dropFirst())) {
            self = key
        } else if lower.hasPrefix("alt-"), case .character(let character)? = Key(String(name.dropFirst(4))) {
            self = .alt(character)
        } else {
            return nil
        }
    }

    private static let byName: [String: Key] = {
        var names = Dictionary(uniqueKeysWithValues: Name.allCases.map { ($0.rawValue.lowercased(), Key.named($0)) })
        for number in 1...12 { names["f\(number)"] = .function(number) }
        names["space"] = .space
        for (name, key) in [("escape", Key.escape), ("return", .enter), ("delete", .delete), ("insert", .insert)] {
            names[name] = key
        }
        names["pageup"] = .pageUp
        names["pagedown"] = .pageDown
        return names
    }()

    private static func control(named name: String) -> Key? {
        guard let key = name == "space" ? " " : name.first, name == "space" || name.count == 1 else { return nil }
        switch key {
        case "i": return .tab
        case "m", "j": return .enter
        case "h": return .backspace
        case "[": return .escape
        case "a"..."z", " ", "\\", "]", "^", "_": return key.isASCII ? .control(key) : nil
        default: return nil
        }
    }

    private static func isTypeable(_ character: Character) -> Bool {
        character.unicodeScalars.allSatisfy { Escaping.substitute(for: $0) == nil }
    }
}
