internal import CCurses
internal import Screen

extension Terminal {
    /// The next thing typed, or `nil` when nothing is waiting.
    func readKey() -> Key? {
        while true {
            let input = terminal_read()
            switch input.kind {
            case terminal_none: return nil
            case terminal_paste_begin: return .paste(Paste.read())
            default: if let key = key(input) { return key }
            }
        }
    }

    private func key(_ input: terminal_input) -> Key? {
        switch input.kind {
        case terminal_scalar: return Key(typed: input.value)
        case terminal_special: return Key(special: input.value)
        case terminal_mouse: return mouse(input).map(Key.mouse)
        default: return nil
        }
    }

    private func mouse(_ input: terminal_input) -> Mouse? {
        let position = Position(column: Int(input.column), row: Int(input.row))
        switch input.value {
        case terminal_mouse_left: return Mouse(clicks.press(at: position), at: position)
        case terminal_mouse_middle: return Mouse(.middlePress, at: position)
        case terminal_mouse_right: return Mouse(.rightPress, at: position)
        case terminal_mouse_wheel_up: return Mouse(.wheelUp, at: position)
        case terminal_mouse_wheel_down: return Mouse(.wheelDown, at: position)
        default: return nil
        }
    }
}

extension Key {
    /// The key that sends a scalar, or `nil` for none that may be typed.
    init?(typed value: Int) {
        let alt = TERMINAL_ALT
        guard let scalar = Unicode.Scalar(UInt32(truncatingIfNeeded: value & ~alt)) else { return nil }
        guard let key = Key(scalar) else { return nil }
        guard value & alt != 0 else {
            self = key
            return
        }
        guard case .character(let character) = key else { return nil }
        self = .alt(character)
    }

    private init?(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0: self = .control(" ")
        case 8, 127: self = .backspace
        case 9: self = .tab
        case 10, 13: self = .enter
        case 27: self = .escape
        case 1...26: self = .control(Character(Unicode.Scalar(UInt8(scalar.value + 0x60))))
        case 28...31: self = .control(Character(Unicode.Scalar(UInt8(scalar.value + 0x40))))
        default:
            // Marks may be typed on their own: they join what was typed before.
            guard Escaping.substitute(for: scalar) == nil else { return nil }
            self = .character(Character(scalar))
        }
    }

    /// The key that curses has a code for.
    init?(special value: Int) {
        if value > terminal_key_function {
            self = .function(value - terminal_key_function)
        } else if let name = Key.names[value] {
            self = .named(name)
        } else {
            return nil
        }
    }

    private static let names: [Int: Key.Name] = [
        terminal_key_up: .up, terminal_key_down: .down,
        terminal_key_left: .left, terminal_key_right: .right,
        terminal_key_home: .home, terminal_key_end: .end,
        terminal_key_page_up: .pageUp, terminal_key_page_down: .pageDown,
        terminal_key_insert: .insert, terminal_key_delete: .delete,
        terminal_key_backspace: .backspace, terminal_key_enter: .enter,
        terminal_key_back_tab: .backTab, terminal_key_shift_up: .shiftUp,
        terminal_key_shift_down: .shiftDown, terminal_key_shift_left: .shiftLeft,
        terminal_key_shift_right: .shiftRight,
    ]
}
