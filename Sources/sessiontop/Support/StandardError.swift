import Screen

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#endif

/// Notes and errors; results alone go to standard output.
enum StandardError {
    /// Writes a line at once; what can't be written is lost, for there is nowhere left to say so.
    static func write(_ line: String) {
        var rest = Array((line + "\n").utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Self.write($0) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Writes a note at once, with nothing in it that could act on the terminal: for what has no ``Output``.
    static func note(_ text: String) { write(Escaping.text(text)) }

    private static func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
        Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
        #elseif canImport(Darwin)
        Darwin.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
        #else
        Musl.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
        #endif
    }
}
