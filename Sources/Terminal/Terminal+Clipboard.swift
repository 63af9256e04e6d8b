internal import CCurses

extension Terminal {
    /// The most bytes that ``copy(_:)`` takes; terminals refuse more.
    public static let clipboardLimit = 48 * 1024

    /// Puts text into the clipboard of the machine the user sits at (OSC 52).
    ///
    /// Terminals may refuse without saying so; tmux needs `set-clipboard on`.
    ///
    /// - Parameter text: what to copy, as it is.
    /// - Returns: `false` when it is too long.
    @discardableResult
    public func copy(_ text: String) -> Bool {
        guard text.utf8.count <= Terminal.clipboardLimit else { return false }
        // Base64 only: the text itself can't end the sequence and begin another.
        send("\u{1B}]52;c;\(Terminal.base64(Array(text.utf8)))\u{07}")
        return true
    }

    private func send(_ sequence: String) {
        var bytes = sequence
        bytes.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { terminal_send($0.baseAddress, $0.count) }
        }
    }

    static func base64(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var result: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let word = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for digit in 0..<4 {
                result.append(digit <= group.count ? digits[word >> (18 - 6 * digit) & 63] : 0x3D)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
