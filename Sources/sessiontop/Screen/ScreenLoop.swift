import Dashboard
import Screen
import Sessions
import Terminal
import Themes

/// The dashboard's life on a terminal.
///
/// What happens goes into the state, what the state asks for is done, and the screen shows it: all of it on the thread
/// that opened the terminal, which sleeps until there is something to do.
struct ScreenLoop {
    private var state: State
    private let terminal: Terminal
    private let runner: EffectRunner
    private let themes: ThemeCatalogue
    private let trace: FrameTrace?
    private let time: TimeSource
    /// The theme in use.
    private(set) var theme: Theme
    /// How it ended; `nil`: it goes on.
    private var end: End?
    /// The frame that is owed: what for, and since when.
    private var owed: (cause: FrameTrace.Cause, since: MonotonicInstant)?
    private var lastDataFrame: MonotonicInstant?
    /// What came from the inbox and is yet to be taken in: one in a turn, since among many rows each takes milliseconds,
    /// and a key comes first.
    private var waiting: ArraySlice<Action> = []
    /// When the work of this turn of the loop began.
    private var turnBegan: MonotonicInstant

    /// How a loop ends.
    enum End {
        /// The operator quit.
        case quit
        /// This signal asked for the end of the process.
        case signal(Int32)
        /// Another store is to be shown.
        case other(ShownStore)
    }

    /// Less than this between asking for an event and having it: the thread didn't sleep.
    private static let noSleep = Duration.microseconds(200)

    /// What comes from the store is drawn at most ten times a second; all else is drawn at once.
    private static let frameTime = Duration.milliseconds(100)
    /// The answers to one poll come one by one: so long after the first of them they are drawn together.
    private static let settling = Duration.milliseconds(20)

    /// Makes the loop; ``run()`` starts it.
    init(
        state: State, terminal: Terminal, runner: EffectRunner, themes: ThemeCatalogue, theme: Theme,
        trace: FrameTrace?, time: TimeSource
    ) {
        self.state = state
        self.terminal = terminal
        self.runner = runner
        self.themes = themes
        self.trace = trace
        self.time = time
        self.theme = theme
        turnBegan = time.monotonic()
    }

    /// Runs until the operator quits or looks at another store, or the process is asked to end.
    mutating func run() -> End {
        perform(state.start())
        owe(.clock, since: time.monotonic())
        while true {
            if let end { return end }
            drawIfDue()
            let asked = time.monotonic()
            let event = terminal.nextEvent(until: ContinuousClock.Instant(waiting.isEmpty ? wake : asked))
            let came = time.monotonic()
            // A key that was there without a sleep was pressed while the last turn worked. Nobody knows when, so it counts
            // from where that turn began.
            let pressed = came - asked < Self.noSleep ? turnBegan : came
            turnBegan = came
            // Whatever the event is: one that wakes the thread may have been passed over for a key.
            waiting += runner.inbox.take()
            switch event {
            case .key(let key): take(.key(key), for: .key, since: pressed)
            case .resized(let size): take(.resize(size), for: .resize)
            case .woken, .timeout:
                if let action = waiting.popFirst() {
                    take(action, for: .data)
                } else if event == .timeout {
                    take(nil, for: .clock)
                }
            case .terminate(let signal): return .signal(signal)
            }
        }
    }

    /// When the thread wakes though nothing happens.
    private var wake: MonotonicInstant {
        due.map { min(state.nextWake, $0) } ?? state.nextWake
    }

    /// Takes in that time went by, and what happened.
    private mutating func take(
        _ action: Action?, for cause: FrameTrace.Cause, since: MonotonicInstant? = nil
    ) {
        let now = time.monotonic()
        perform(state.update(.tick(Moment(wall: time.wall(), monotonic: now))))
        if let action { perform(state.update(action)) }
        owe(cause, since: since ?? now)
    }

    // MARK: Drawing

    /// A key's frame is owed before any other: it is what somebody waits for; a new size is drawn before data.
    private mutating func owe(_ cause: FrameTrace.Cause, since: MonotonicInstant) {
        guard let owed else { return self.owed = (cause, since) }
        let isSooner = cause == .key ? owed.cause != .key : owed.cause == .data && cause == .resize
        if isSooner { self.owed = (cause, since) }
    }

    /// When the frame that is owed is to be drawn; `nil`: none is.
    private var due: MonotonicInstant? {
        guard let owed else { return nil }
        guard owed.cause == .data else { return owed.since }
        let settled = owed.since + Self.settling
        return lastDataFrame.map { max(settled, $0 + Self.frameTime) } ?? settled
    }

    private mutating func drawIfDue() {
        guard let owed, let due, time.monotonic() >= due else { return }
        let grid = render(state, size: terminal.size, glyphs: terminal.glyphs)
        terminal.draw(grid, theme: theme)
        state.note(drawn: grid)
        let now = time.monotonic()
        if owed.cause == .data { lastDataFrame = now }
        self.owed = nil
        trace?.note(
            owed.cause, took: now - owed.since, rows: state.list.table.count, sessions: state.list.table.heldCount)
    }

    // MARK: Effects

    private mutating func perform(_ effects: [Effect]) {
        for effect in effects { perform(effect) }
    }

    /// What concerns the terminal is done here and now; the rest goes to tasks.
    private mutating func perform(_ effect: Effect) {
        switch effect {
        case .copy(let text): copy(text)
        case .setTheme(let name): setTheme(name)
        case .listThemes: perform(state.update(.themes(themes.names, current: theme.name)))
        case .suspend:
            terminal.suspend()
            // A size that changed meanwhile was told to the shell, which had the terminal.
            perform(state.update(.resize(terminal.size)))
        case .redraw: terminal.redraw()
        case .flushInput: terminal.discardInput()
        case .enterContext(let name):
            // What was typed ahead was meant for what is on the screen.
            terminal.discardInput()
            if let store = runner.takeContext(name) { end = .other(store) }
        case .quit: end = .quit
        default: runner.run(effect)
        }
    }

    private mutating func copy(_ text: String) {
        guard !terminal.copy(text) else { return }
        perform(state.update(.message("that is too long for the terminal's clipboard", .warning)))
    }

    private mutating func setTheme(_ name: String) {
        do {
            theme = try themes.load(name).theme
        } catch {
            perform(state.update(.message("\(error)", .warning)))
        }
    }
}
