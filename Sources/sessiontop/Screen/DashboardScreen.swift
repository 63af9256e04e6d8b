import Dashboard
import Screen
import Sessions
import Terminal
import Themes

/// What the dashboard is run with.
struct DashboardScreen {
    /// The store.
    var directory: any SessionDirectory
    /// What the operator calls it.
    var name: String
    /// Whoever changes much types the name first.
    var isProtected = false
    /// Why nothing may be changed; `nil`: changes are allowed.
    var readOnlyReason: String?
    /// Opens payloads; `nil`: they are shown as sealed.
    var keys: KeyRing?
    /// Who operates.
    var actor: String
    /// The theme that was asked for; `nil`: the default one.
    var theme: String?
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
            let theme = try themes.load(theme ?? ThemeCatalogue.fallback).theme
            return try Terminal.withTerminal(Terminal.Options(colors: hasColors, mouse: true)) { terminal in
                var loop = loop(on: terminal, themes: themes, theme: theme)
                return loop.run()
            }
        } catch let error as TerminalError {
            throw SessionsError(.usage, error.message)
        } catch let note as ThemeNote {
            throw SessionsError(.usage, "\(note)")
        }
    }

    private func loop(on terminal: Terminal, themes: ThemeCatalogue, theme: Theme) -> ScreenLoop {
        let waker = terminal.waker
        let runner = EffectRunner(
            directory: directory, readOnlyReason: readOnlyReason, keys: keys, time: time,
            inbox: Inbox { waker.wake() })
        var state = State(
            store: StoreIdentity(
                name: name, description: directory.description, capabilities: directory.capabilities,
                isProtected: isProtected),
            policy: Policy(actor: actor, readOnlyReason: readOnlyReason), size: terminal.size,
            now: Moment(wall: time.wall(), monotonic: time.monotonic()))
        // An operator who watches an incident wants to see each second.
        state.polling.interval = .seconds(1)
        return ScreenLoop(
            state: state, terminal: terminal, runner: runner, themes: themes, theme: theme, trace: trace, time: time)
    }
}
