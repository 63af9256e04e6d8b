internal import CCurses
internal import Screen

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

extension Terminal {
    /// Sleeps until there is something to do; without a deadline, nothing happening costs nothing.
    ///
    /// Suspending (Ctrl-Z) and continuing are done in here.
    public func nextEvent(until deadline: ContinuousClock.Instant? = nil) -> TerminalEvent {
        var woken = false
        while true {
            if let event = signalled() { return event }
            if let key = readKey() { return .key(key) }
            if woken { return .woken }
            let ready = terminal_wait(Terminal.milliseconds(until: deadline))
            let hungUp = ready & terminal_ready_hangup != 0
            let readable = ready & terminal_ready_input != 0
            if hungUp || readable && terminal_at_end() { return .terminate(signal: SIGHUP) }
            woken = ready & terminal_ready_wake != 0
            if ready == 0, let deadline, deadline <= .now { return .timeout }
        }
    }

    /// Drops what was typed ahead, so that it can't answer a question that was not on the screen yet.
    public func discardInput() { terminal_drop_input() }

    /// Leaves the screen to the shell until the process is continued; as Ctrl-Z does.
    public func suspend() {
        terminal_stop()
        resume()
    }

    private func resume() {
        _ = terminal_took_continue()
        redraw()
        if terminal_refresh_size() { size = Terminal.currentSize }
    }

    private func signalled() -> TerminalEvent? {
        let end = terminal_took_end()
        if end != 0 { return .terminate(signal: end) }
        if terminal_took_suspend() {
            suspend()
            return .resized(size)
        }
        if terminal_took_continue() {
            resume()
            return .resized(size)
        }
        guard terminal_took_resize(), terminal_refresh_size() else { return nil }
        size = Terminal.currentSize
        shown = nil
        return .resized(size)
    }

    /// Whole milliseconds, rounded up, or the sleep would end too soon and begin anew.
    private static func milliseconds(until deadline: ContinuousClock.Instant?) -> Int32 {
        guard let deadline else { return -1 }
        let rest = ContinuousClock.now.duration(to: deadline).components
        guard rest.seconds >= 0, rest.attoseconds >= 0 else { return 0 }
        guard rest.seconds < 1_000_000 else { return 1_000_000_000 }
        return Int32(rest.seconds) * 1000 + Int32((rest.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
