import Sessions

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#endif

/// Writes a JSON line for each frame: what caused it, and how long it took from there to the flushed screen.
final class FrameTrace {
    /// What a frame is drawn for.
    enum Cause: String {
        /// A key was pressed.
        case key
        /// Something came from the store.
        case data
        /// The screen has another size.
        case resize
        /// Time went by.
        case clock
    }

    private let descriptor: Int32

    /// Opens the file, emptying it.
    ///
    /// - Throws: ``SessionsError`` with `refused` where it can't be written.
    init(path: String) throws {
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw SessionsError(.refused, "--trace \(path): \(String(cString: strerror(errno))); choose another file")
        }
    }

    deinit { close(descriptor) }

    /// Notes a frame.
    ///
    /// - Parameters:
    ///   - cause: what it was drawn for.
    ///   - took: from the event to the flushed frame.
    ///   - rows: rows in the list.
    ///   - sessions: rows held in all.
    func note(_ cause: Cause, took: Duration, rows: Int, sessions: Int) {
        let micros = took.components.seconds * 1_000_000 + took.components.attoseconds / 1_000_000_000_000
        let line = "{\"cause\":\"\(cause.rawValue)\",\"micros\":\(micros),\"rows\":\(rows),\"sessions\":\(sessions)}\n"
        // A line that can't be written is lost: a full disk must not stop the screen.
        _ = line.withCString { write(descriptor, $0, strlen($0)) }
    }
}
