#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#endif

/// The whole lines of an open file, from a place on: no more of it is held than a line is long.
struct FileLines {
    /// A line without its end, and where it stands, with it.
    struct Line {
        var bytes: [UInt8]
        var place: Range<Int>
    }

    /// The system's error.
    struct Fault: Error {
        var code: Int32
    }

    private let file: Int32
    private var buffer: [UInt8] = []
    /// Where the buffer begins in the file.
    private var offset: Int
    /// Where the next line begins in the buffer.
    private var start = 0

    private static let pieceSize = 64 << 10

    /// Begins at a place, which must be the beginning of a line.
    init(_ file: Int32, from place: Int) {
        self.file = file
        offset = place
    }

    /// The next line that has an end; `nil`: there is none.
    ///
    /// - Throws: ``Fault``.
    mutating func next() throws -> Line? {
        var looked = start
        while true {
            if let end = buffer[looked...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                return Line(bytes: Array(buffer[start..<end]), place: offset + start..<offset + end + 1)
            }
            looked = buffer.count - start
            buffer.removeFirst(start)
            (offset, start) = (offset + start, 0)
            guard try fill() else { return nil }
        }
    }

    private mutating func fill() throws -> Bool {
        var piece = [UInt8](repeating: 0, count: Self.pieceSize)
        let count = pread(file, &piece, Self.pieceSize, off_t(offset + buffer.count))
        guard count >= 0 else { throw Fault(code: errno) }
        buffer.append(contentsOf: piece[..<count])
        return count > 0
    }
}
