/// What a piece of the screen means; a theme says how that looks.
///
/// Views speak of roles alone. The raw value is the role's name in a theme file.
public enum Role: String, CaseIterable, Sendable {
    /// Ordinary text.
    case text
    /// What matters less. Never data: most palettes make it hard to read.
    case dim
    /// The title in a frame.
    case title
    /// A frame.
    case border
    /// The frame that has the keyboard.
    case borderFocus = "border.focus"
    /// The head of a table.
    case header
    /// The head of the column that is sorted by.
    case headerSort = "header.sort"
    /// The row under the cursor.
    case cursor
    /// The row under the cursor of a pane without the keyboard.
    case cursorBlur = "cursor.blur"
    /// A marked row.
    case mark
    /// A marked row under the cursor.
    case markCursor = "mark.cursor"
    /// The part of a text that a search found.
    case match
    /// The line that says where one is.
    case crumb
    /// A key in the line of keys.
    case key
    /// A key that can't be used now.
    case keyDisabled = "key.disabled"
    /// What is being typed at a prompt.
    case prompt
    /// The part of it that can't be understood.
    case promptError = "prompt.error"
    /// Something was done.
    case flashInfo = "flash.info"
    /// Something to look at.
    case flashWarn = "flash.warn"
    /// Something failed.
    case flashError = "flash.error"
    /// A button or a line that ends sessions.
    case danger
    /// What is protected from that.
    case protected
    /// A production context.
    case contextProduction = "ctx.prod"
    /// A staging context.
    case contextStaging = "ctx.staging"
    /// A development context.
    case contextDevelopment = "ctx.dev"
    /// A session in use.
    case stateActive = "state.active"
    /// A session not used for a while.
    case stateIdle = "state.idle"
    /// A session about to end.
    case stateExpiring = "state.expiring"
    /// A session that has run out.
    case stateExpired = "state.expired"
    /// A session that was ended.
    case stateRevoked = "state.revoked"
    /// A session that looks wrong.
    case stateAnomalous = "state.anomalous"
    /// A row that has just come.
    case new
    /// A row that has just gone.
    case gone
    /// What is older than it should be.
    case stale
    /// The share of hits.
    case graphHit = "graph.hit"
    /// The share of misses.
    case graphMiss = "graph.miss"
    /// Latencies.
    case graphLatency = "graph.latency"
    /// The axes of a graph.
    case graphAxis = "graph.axis"

    /// The letter that stands for this role in golden files; ordinary text is a dot.
    public var code: Character { Role.codes[index] }

    /// The role's place among all, from 0.
    var index: Int { Role.indices[self] ?? 0 }

    private static let codes = Array(".dtbBhHcCmMxukKpPiwEDRySVaojzrAngsGLTQX")
    private static let indices = Dictionary(uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })
}
