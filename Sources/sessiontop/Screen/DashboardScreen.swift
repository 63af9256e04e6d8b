import Dashboard
import Screen
import Sessions
import Terminal
import Themes

/// What the dashboard is run with.
struct DashboardScreen {
    /// The store that is shown first.
    var store: ShownStore
    /// The contexts that can be shown instead.
    var contexts: [NamedStore] = []
    /// Opens one of them.
    var openContext: EffectRunner.OpenContext?
    /// Who operates.
    var actor: String
    /// Whether colours are used.
    var hasColors = true
    /// Where frames are noted.
    var trace: FrameTrace?
    /// Looks up a variable of the environment.
    var variable: @Sendable (String) -> String?
    /// The clocks.
    var time = TimeSource.system

    /// Shows the dashboard until the operator quits; the calling thread owns the terminal meanwhile.
    ///
    /// - Returns: the signal that asked for the end, to be passed on to ``Terminal/exit(by:)`` when all is tidied up;
    ///   `nil`: the operator quit.
    /// - Throws: ``SessionsError`` with `usage` where there is no terminal or no such theme.
    func run() throws -> Int32? {
        let themes = ThemeCatalogue(folder: Configuration.folder(variable).map { "\($0)/themes" })
        do {
            let first = try themes.load(store.theme ?? ThemeCatalogue.fallback).theme
            return try Terminal.withTerminal(Terminal.Options(colors: hasColors, mouse: true)) { terminal -> Int32? in
                var (shown, theme, isFirst) = (store, first, true)
                while true {
                    let keeping = Self.keep(shown)
                    let (end, lastTheme) = show(shown, isFirst: isFirst, on: terminal, themes: themes, theme: theme)
                    switch end {
                    case .quit: return nil
                    case .signal(let signal): return signal
                    case .other(let other):
                        (shown, theme, isFirst) = (other, lastTheme, false)
                        keeping.finish()
                        // One that can't be loaded is no reason to end.
                        if let name = other.theme {
                            do { theme = try themes.load(name).theme } catch { shown.notes.append("\(error)") }
                        }
                    }
                }
            }
        } catch let error as TerminalError {
            throw SessionsError(.usage, error.message)
        } catch let note as ThemeNote {
            throw SessionsError(.usage, "\(note)")
        }
    }

    /// Keeps a store until this thread has let it go and says so: closing it may block, and the screen never waits.
    private static func keep(_ store: ShownStore) -> AsyncStream<Void>.Continuation {
        let (gone, keeping) = AsyncStream.makeStream(of: Void.self)
        Task {
            for await _ in gone {}
            withExtendedLifetime(store) {}
        }
        return keeping
    }

    /// Shows a store; nothing of the screen holds it afterwards.
    private func show(
        _ store: ShownStore, isFirst: Bool, on terminal: Terminal, themes: ThemeCatalogue, theme: Theme
    ) -> (ScreenLoop.End, Theme) {
        var loop = loop(showing: store, isFirst: isFirst, on: terminal, themes: themes, theme: theme)
        let end = loop.run()
        return (end, loop.theme)
    }

    private func loop(
        showing store: ShownStore, isFirst: Bool, on terminal: Terminal, themes: ThemeCatalogue, theme: Theme
    ) -> ScreenLoop {
        let waker = terminal.waker
        let inbox = Inbox { waker.wake() }
        if !store.notes.isEmpty { inbox.post(.message(store.notes.joined(separator: " "), .info)) }
        let runner = EffectRunner(
            directory: store.directory, readOnlyReason: store.readOnlyReason, keys: store.keys, time: time,
            inbox: inbox, openContext: openContext)
        var state = State(
            store: StoreIdentity(
                name: store.name, description: store.directory.description,
                capabilities: store.directory.capabilities, isProtected: store.isProtected),
            policy: Policy(actor: actor, readOnlyReason: store.readOnlyReason), size: terminal.size,
            now: Moment(wall: time.wall(), monotonic: time.monotonic()))
        state.contexts = contexts
        if !isFirst { state.entered = state.now }
        // An operator who watches an incident wants to see each second.
        state.polling.interval = .seconds(1)
        state.folder = ExportFile.folder
        return ScreenLoop(
            state: state, terminal: terminal, runner: runner, themes: themes, theme: theme, trace: trace, time: time)
    }
}
