internal import Screen
internal import Sessions

/// How far a change has come, in a line: first it is durable, then effective, then looked at again.
struct JobProgress {
    private let job: Job
    private let now: Moment
    private let glyphs: GlyphSet

    init(_ job: Job, now: Moment, glyphs: GlyphSet) {
        (self.job, self.now, self.glyphs) = (job, now, glyphs)
    }

    /// What is done to what, how far it has come, and what stops it.
    var line: [Span] {
        [Span("\(job.verb) "), Span(job.title, .title), Span("  ")] + alarm + stage + stopping
    }

    /// That sessions came back stands before all that a narrow screen may cut, and not only while it is news.
    private var alarm: [Span] { job.alarm.map { [Span("\(glyphs.ended) \($0)", .flashError), Span("  ")] } ?? [] }

    private var stopping: [Span] {
        if job.isStopping, job.isRunning { return [Span("  stopping", .flashWarn)] }
        return job.isRunning ? [Span("  Ctrl-C", .key), Span(" stops", .dim)] : []
    }

    /// The stage that the change has reached.
    var stage: [Span] {
        switch job.stage {
        case .running: running
        case .durable, .effective, .uncertain: committed(job.stage)
        case .done: [Span("\(glyphs.done) done", .flashInfo)] + rechecks
        case .stopped: [Span("\(glyphs.warning) stopped, what was done stays done", .flashWarn)] + part
        case .failed(let why): [Span("\(glyphs.ended) failed: \(why)", .flashError)] + part
        }
    }

    /// Where that stands which is committed of a revoke; nothing at other stages.
    private func committed(_ stage: Job.Stage) -> [Span] {
        switch stage {
        case .durable: [Span("\(glyphs.done) durable", .flashInfo), Span("  ")] + waiting
        case .effective(let after): effective(after)
        case .uncertain(let why):
            [Span("\(glyphs.done) durable", .flashInfo), Span("  \(glyphs.warning) \(why)", .flashWarn)]
        case .running, .done, .stopped, .failed: []
        }
    }

    /// Where the part stands that was done before a stop or a failure.
    private var part: [Span] { job.partStage.map { [Span("  ")] + committed($0) } ?? [] }

    private var running: [Span] {
        let elapsed = now.since(job.began).inSeconds
        var spans = [Span(Format.count(job.done)), Span("/\(Format.count(job.total))", .dim)]
        if elapsed > 0.5, job.done > 0 { spans.append(Span("  \(Format.rate(Double(job.done) / elapsed))", .dim)) }
        spans.append(Span("  \(Format.count(job.failed)) failed", job.failed > 0 ? .flashError : .dim))
        return spans
    }

    private var waiting: [Span] {
        guard !job.waitingNodes.isEmpty else { return [Span("\(glyphs.busy) not yet effective", .flashWarn)] }
        return [Span("\(glyphs.busy) waiting for \(job.waitingNodes.joined(separator: ", "))", .flashWarn)]
    }

    private func effective(_ after: Duration) -> [Span] {
        [
            Span("\(glyphs.done) durable", .flashInfo), Span("  "),
            Span("\(glyphs.done) effective after \(Format.latency(microseconds: after.microseconds))", .flashInfo),
        ] + rechecks
    }

    private var rechecks: [Span] { job.rechecks.flatMap { [Span("  ")] + text($0) } }

    /// A second look, in a few words.
    private func text(_ recheck: Job.Recheck) -> [Span] {
        let after = Format.span(recheck.after)
        if recheck.error != nil { return [Span("\(glyphs.warning) not checked at \(after)", .flashWarn)] }
        return switch recheck.cameBack {
        case nil: [Span("\(glyphs.busy) check at \(after)", .dim)]
        case 0? where job.meaning == .unpins: [Span("\(glyphs.done) still unpinned at \(after)", .flashInfo)]
        case 0?: [Span("\(glyphs.done) still ended at \(after)", .flashInfo)]
        case let count? where job.meaning == .unpins: [Span("\(Format.count(count)) bound anew at \(after)")]
        case let count?: [Span("\(glyphs.ended) \(Format.count(count)) came back at \(after)", .flashError)]
        }
    }
}
