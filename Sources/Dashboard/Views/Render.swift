public import Screen

/// Draws everything that the dashboard shows.
///
/// Pure: the same state, size and glyphs give the same grid. It never traps and never draws outside, whatever the size
/// and whatever strangers wrote.
///
/// - Parameters:
///   - state: what is shown.
///   - size: the size of the screen.
///   - glyphs: which characters frames, signs and graphs are drawn with.
/// - Returns: the whole screen.
public func render(_ state: State, size: Size, glyphs: GlyphSet = .unicode) -> Grid {
    var grid = Grid(size, glyphs: glyphs)
    let screen = Rect(size: size)
    guard size.isEnough else {
        TooSmall.draw(in: screen, on: &grid)
        return grid
    }
    let frame = Chrome(screen)
    HeaderLine.draw(state, in: frame.header, on: &grid)
    TabLine.draw(state, in: frame.tabs, on: &grid)
    Views.draw(state, in: frame.body, on: &grid)
    // What is old is dimmed, but one still sees where one is.
    if state.isStale { grid.overlay(frame.body, .stale, sparing: [.cursor, .markCursor]) }
    CrumbLine.draw(state, in: frame.crumb, on: &grid)
    FlashLine.draw(state, in: frame.flash, on: &grid)
    // What lies over the view takes the clicks from it, as it takes the keys.
    if state.overlay != nil { grid.forgetTargets() }
    KeyLine.draw(state, in: frame.keys, on: &grid)
    Overlays.draw(state, over: frame, on: &grid)
    if glyphs == .ascii { grid.reduceToASCII() }
    return grid
}

/// What draws each place: the list of views.
enum Views {
    static func draw(_ state: State, in area: Rect, on grid: inout Grid) {
        switch state.navigation.place {
        case .sessions: SessionsView.draw(state, in: area, on: &grid)
        case .users: UsersView.draw(state, in: area, on: &grid)
        case .stats: StatsView.draw(state, in: area, on: &grid)
        case .nodes: NodesView.draw(state, in: area, on: &grid)
        case .audit: AuditView.draw(state, in: area, on: &grid)
        case .inspect: InspectView.draw(state, in: area, on: &grid)
        case .result(let id): ResultView.draw(state, job: id, in: area, on: &grid)
        }
    }
}

extension Views {
    /// How many rows of what it lists a place shows in an area.
    static func rows(_ state: State, in area: Rect) -> Int {
        switch state.navigation.place {
        case .sessions: SessionsView.rows(state, in: area)
        case .users: TableDrawing.rows(in: area)
        case .stats: area.rows
        case .nodes: NodesView.rows(state, in: area)
        case .audit: AuditView.rows(state, in: area)
        case .inspect: InspectView.rows(in: area)
        case .result: ResultView.rows(in: area)
        }
    }
}

/// The rows of the screen that every place has.
struct Chrome {
    /// The store and its health.
    let header: Rect
    /// The tabs.
    let tabs: Rect
    /// What the place shows.
    let body: Rect
    /// Where one is.
    let crumb: Rect
    /// What just happened.
    let flash: Rect
    /// What can be done.
    let keys: Rect

    init(_ screen: Rect) {
        let (top, rest) = screen.split(rows: 2)
        let (body, bottom) = rest.split(rows: rest.rows - 3)
        (header, tabs, self.body) = (top.row(0), top.row(1), body)
        (crumb, flash, keys) = (bottom.row(0), bottom.row(1), bottom.row(2))
    }
}

/// What stands on a screen that is too small for anything else.
///
/// Polling goes on.
enum TooSmall {
    static func draw(in screen: Rect, on grid: inout Grid) {
        let smallest = Size.smallest
        let line = screen.row(screen.rows / 2)
        let text = "sessiontop needs \(smallest.columns)x\(smallest.rows), this is \(screen.columns)x\(screen.rows)"
        let short = "needs \(smallest.columns)x\(smallest.rows)"
        let fitting = [text, short].first { TextWidth.of($0) <= screen.columns } ?? short
        grid.write([Span(fitting, .flashWarn)], in: line, align: .center)
    }
}
