#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Reads the user's theme files, without Foundation.
enum ThemeFolder {
    /// The most bytes of a theme file.
    static let limit = 64 * 1024

    /// Whether a word may name a theme; anything else could name a file elsewhere.
    static func isName(_ word: String) -> Bool {
        (1...64).contains(word.utf8.count)
            && word.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"): true
                default: false
                }
            }
    }

    /// The names of the themes in a folder; none when it can't be read.
    static func names(_ folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let file = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard file.hasSuffix(".yaml") else { continue }
            let name = String(file.dropLast(5))
            if isName(name) { names.append(name) }
        }
        return names
    }

    /// The text of a file, or `nil` when there is none.
    ///
    /// - Throws: ``ThemeNote`` when it can't be read or is too long.
    static func text(_ path: String) throws(ThemeNote) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw ThemeNote(file: path, message: "It can't be read (\(String(cString: strerror(errno)))); allow it.")
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        var count = 0
        while count <= limit {
            let got = bytes[count...].withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if got < 0 { throw ThemeNote(file: path, message: "It is not a file that can be read; put a theme there.") }
            if got == 0 { return String(decoding: bytes[..<count], as: UTF8.self) }
            count += got
        }
        throw ThemeNote(file: path, message: "It is longer than \(limit) bytes; a theme has about 3,000.")
    }
}
