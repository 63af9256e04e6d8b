internal import Screen
internal import Sessions

/// A refresh family in detail: which token is good, what it was derived from, what is in circulation, who was given what.
struct FamilyLines {
    /// A line with its label; a long text may be broken.
    struct Part {
        var name: String
        var spans: [Span] = []
        var text: String?
    }

    private let report: RefreshFamilyReport
    private let revocation: Revocation?
    private let now: Timestamp
    private let glyphs: GlyphSet

    init(_ report: RefreshFamilyReport, revocation: Revocation?, now: Timestamp, glyphs: GlyphSet) {
        (self.report, self.revocation, self.now, self.glyphs) = (report, revocation, now, glyphs)
    }

    /// All lines.
    var parts: [Part] {
        var parts = [Part(name: "refresh", spans: rotation), Part(name: "access", spans: exposure)]
        if let reuse = revocation?.reuse {
            parts.append(Part(name: "reuse", spans: [Span("\(glyphs.warning) seen: two held its tokens", .flashError)]))
            parts.append(Part(name: "", text: reuse))
        }
        parts += handles("parent", report.parents) + handles("derived", report.children)
        for (place, use) in report.uses.reversed().enumerated() {
            parts.append(Part(name: place == 0 ? "given to" : "", spans: given(use)))
        }
        return parts
    }

    private var rotation: [Span] {
        let count = max(0, report.generation - 1)
        let times = "rotated \(count == 1 ? "once" : "\(Format.count(count)) times")"
        guard let last = report.rotated else { return [Span("family of one sign-in  ", .dim), Span("never rotated")] }
        return [Span(times), Span(", last ", .dim), Span(Format.relative(last, to: now))]
    }

    private var exposure: [Span] {
        let count = report.exposure.count(at: now)
        guard count > 0, let end = report.exposure.end else { return [Span("no token in circulation", .dim)] }
        return [
            Span("\(Format.count(count)) token\(count == 1 ? "" : "s") in circulation"),
            Span("; the last dies at ", .dim), Span(Format.moment(end, seenAt: now)),
            Span(", in \(Format.longSpan(end - now))", .dim),
        ]
    }

    private func handles(_ name: String, _ ids: [IDHash]) -> [Part] {
        ids.isEmpty ? [] : [Part(name: name, text: ids.map { "s:\($0.handle)" }.joined(separator: " "))]
    }

    private func given(_ use: RefreshFamilyReport.Use) -> [Span] {
        var spans = [
            Span("#\(use.generation)".padded(6), .dim), Span(Format.moment(use.at, seenAt: now)), .space(2),
            use.ip.map { Span($0) } ?? Span(glyphs.unknown, .dim),
        ]
        if let agent = use.agent { spans += [.space(2), Span(AgentSummary(agent).text, .dim)] }
        return spans
    }
}
