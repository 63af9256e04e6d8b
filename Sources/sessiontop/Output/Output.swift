import Screen
import Sessions
import Synchronization

/// Where a command's results and notes go.
///
/// Results are gathered and written in large pieces; ``flush()`` writes what is there. When nobody reads them any more,
/// writing throws ``BrokenPipe``, and the command ends in silence.
final class Output: Sendable {
    /// Whether a person reads the results at once: colours, and columns cut to the width.
    let isTerminal: Bool
    /// Columns of the terminal.
    let width: Int
    /// Whether colours may be used.
    let usesColor: Bool
    private let gathered = Mutex<[UInt8]>([])
    private let sink: @Sendable ([UInt8]) throws -> Void
    private let notes: @Sendable (String) -> Void

    /// Nobody reads the results any more.
    struct BrokenPipe: Error {}

    /// Makes an output.
    ///
    /// - Parameters:
    ///   - isTerminal: whether a person reads the results at once.
    ///   - width: columns of the terminal.
    ///   - usesColor: whether colours may be used.
    ///   - sink: writes all of some bytes, or throws.
    ///   - notes: writes a line for people, apart from the results.
    init(
        isTerminal: Bool, width: Int = 80, usesColor: Bool = false, sink: @escaping @Sendable ([UInt8]) throws -> Void,
        notes: @escaping @Sendable (String) -> Void
    ) {
        self.isTerminal = isTerminal
        self.width = width
        self.usesColor = usesColor
        self.sink = sink
        self.notes = notes
    }

    /// Adds a line of results.
    func line(_ text: String) throws {
        try append { bytes in
            bytes.append(contentsOf: text.utf8)
            bytes.append(UInt8(ascii: "\n"))
        }
    }

    /// Adds a line of results: one JSON value.
    func line(_ value: JSONValue) throws {
        try append { bytes in
            value.write(to: &bytes)
            bytes.append(UInt8(ascii: "\n"))
        }
    }

    /// Writes what was gathered.
    func flush() throws {
        let bytes = gathered.withLock { bytes in
            defer { bytes = [] }
            return bytes
        }
        if !bytes.isEmpty { try sink(bytes) }
    }

    /// Tells people something that is no result, in one line: what others wrote in it can't act on the terminal.
    func note(_ text: String) { notes(Escaping.text(text, limit: Self.longestNote)) }

    /// So many scalars of a note are shown: the names of many nodes may stand in one.
    private static let longestNote = 1 << 16

    private func append(_ write: (inout [UInt8]) -> Void) throws {
        let isFull = gathered.withLock { bytes in
            write(&bytes)
            return bytes.count >= 1 << 16
        }
        if isFull { try flush() }
    }
}
