/// Cuts what comes over a connection into the lines of one answer after the other.
///
/// Each answer ends with an empty line: an answer without one was cut short.
struct AnswerSplitter {
    /// What comes.
    enum Event: Equatable {
        /// A line of the answer, without its end.
        case line(ArraySlice<UInt8>)
        /// The answer is complete.
        case end
    }

    private let limits: RuntimeLimits
    private var pending: [UInt8] = []
    private var size = 0
    /// Whether a line of the present answer has come.
    private var isInside = false

    /// Begins before the first answer.
    init(limits: RuntimeLimits = RuntimeLimits()) { self.limits = limits }

    /// Whether nothing of an answer is waiting for its rest.
    var isComplete: Bool { pending.isEmpty && !isInside }

    /// Takes in what has come.
    ///
    /// - Parameters:
    ///   - bytes: the next ones.
    ///   - handle: is given each line as soon as it is whole.
    /// - Throws: ``RuntimeFault/tooLarge``, and what `handle` throws.
    mutating func take(_ bytes: ArraySlice<UInt8>, _ handle: (Event) throws -> Void) throws {
        size += bytes.count
        guard size <= limits.answer else { throw RuntimeFault.tooLarge }
        var rest = bytes
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = rest[rest.startIndex..<end]
            rest = rest[(end + 1)...]
            if pending.isEmpty {
                try finish(line, handle)
            } else {
                pending += line
                let whole = pending
                pending.removeAll(keepingCapacity: true)
                try finish(whole[...], handle)
            }
        }
        pending += rest
        guard pending.count <= limits.line else { throw RuntimeFault.tooLarge }
    }

    private mutating func finish(_ line: ArraySlice<UInt8>, _ handle: (Event) throws -> Void) throws {
        guard line.count <= limits.line else { throw RuntimeFault.tooLarge }
        isInside = !line.isEmpty
        try handle(line.isEmpty ? .end : .line(line))
    }
}
