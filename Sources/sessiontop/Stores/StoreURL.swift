/// Where a store lies, as somebody wrote it: `sqlite:PATH`, `redis://…`.
///
/// Its description has every password masked, so that it can be printed anywhere.
struct StoreURL: Sendable, CustomStringConvertible {
    /// The scheme, in lower case.
    let scheme: String
    /// What stands behind the scheme and its colon, with any password.
    let rest: String

    /// Takes a text apart; `nil` where it has no scheme: it may be the name of a context.
    init?(_ text: String) {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let scheme = text[..<colon]
        let isScheme = scheme.utf8.allSatisfy { Self.schemeCharacters.contains($0) }
        guard !scheme.isEmpty, isScheme else { return nil }
        self.scheme = scheme.lowercased()
        rest = String(text[text.index(after: colon)...])
    }

    /// The URL with its password: for whoever connects, and for nobody else.
    var secretText: String { "\(scheme):\(rest)" }

    /// The URL with its password masked.
    var description: String {
        hasFilePath ? "\(scheme):\(rest)" : "\(scheme):\(Self.masked(rest))"
    }

    /// A path may hold any character, and never a password.
    private var hasFilePath: Bool { scheme == "sqlite" }

    private static let schemeCharacters = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.".utf8)

    // MARK: Masking

    /// Replaces what may be a password, in whatever form the rest of the text is: hiding too much is harmless.
    static func masked(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var isSecret = Array(repeating: false, count: bytes.count)
        for range in [passwordBeforeHost(bytes)] + secretParameters(bytes) {
            for index in range { isSecret[index] = true }
        }
        var shown: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if !isSecret[index] {
                shown.append(byte)
            } else if index == 0 || !isSecret[index - 1] {
                shown.append(contentsOf: "***".utf8)
            }
        }
        return String(decoding: shown, as: UTF8.self)
    }

    /// From the first colon of `user:password@` to the last `@` of all: a password may hold any character, unescaped.
    private static func passwordBeforeHost(_ bytes: [UInt8]) -> Range<Int> {
        let start = bytes.starts(with: "//".utf8) ? 2 : 0
        guard let end = bytes.lastIndex(of: UInt8(ascii: "@")), start < end,
            let colon = bytes[start..<end].firstIndex(of: UInt8(ascii: ":"))
        else { return 0..<0 }
        return colon + 1..<end
    }

    /// What follows a parameter like `?password=`, to the end of the text: a password may hold an ampersand.
    private static func secretParameters(_ bytes: [UInt8]) -> [Range<Int>] {
        let marks = [UInt8(ascii: "?"), UInt8(ascii: "&"), UInt8(ascii: ";")]
        return bytes.indices.filter { marks.contains(bytes[$0]) }.compactMap { mark in
            let rest = bytes[(mark + 1)...]
            guard let equals = rest.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            let name = String(decoding: bytes[mark + 1..<equals], as: UTF8.self).lowercased()
            guard ["pass", "pwd", "secret", "token", "auth", "key"].contains(where: { name.contains($0) }) else {
                return nil
            }
            return equals + 1..<bytes.count
        }
    }
}
