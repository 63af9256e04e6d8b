/// Prints what became of sessions, while the work goes on.
///
/// It never stops the work: a reader that has gone must not leave half of the sessions alive.
final class OutcomePrinter {
    private let output: Output
    private var printer: RecordPrinter?
    private var failure: (any Error)?

    /// Makes a printer for lines of one kind.
    init(_ format: LineFormat?, output: Output, withDeadlines: Bool = false) {
        self.output = output
        let format: ResultFormat = LineFormat.chosen(format, for: output) == .json ? .json : .table
        let columns = withDeadlines ? OutcomeLine.columns + OutcomeLine.deadlineColumns : OutcomeLine.columns
        attempt { printer = try RecordPrinter(columns, format: format, output: output) }
    }

    /// Prints lines at once, as far as the format allows.
    func print(_ lines: [OutcomeLine]) {
        attempt {
            for line in lines { try printer?.print(line.json) }
            try output.flush()
        }
    }

    /// Prints what was held back.
    func finish() {
        attempt {
            try printer?.finish()
            try output.flush()
        }
    }

    /// Throws what kept lines from being printed, now that the work is done.
    func check() throws {
        if let failure { throw failure }
    }

    private func attempt(_ body: () throws -> Void) {
        guard failure == nil else { return }
        do { try body() } catch { failure = error }
    }
}

extension OutcomeLine {
    /// The members of every line.
    static let columns = [
        RecordColumn("handle", heading: "HANDLE"), RecordColumn("user", heading: "USER"),
        RecordColumn("outcome", heading: "OUTCOME"), RecordColumn("detail", heading: "DETAIL", .long),
    ]
    /// The members that an extend adds.
    static let deadlineColumns = [
        RecordColumn("old", heading: "OLD", .time), RecordColumn("new", heading: "NEW", .time),
    ]
}
