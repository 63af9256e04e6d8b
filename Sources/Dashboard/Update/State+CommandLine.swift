internal import Sessions

extension State {
    /// Runs what was typed after `:`, a command's name and what it is about.
    mutating func runLine(_ line: String) -> [Effect] {
        let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard let first = parts.first else { return [] }
        let name = String(first)
        let argument = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
        let known = Self.shortNames[name].flatMap { CommandTable[$0] } ?? CommandTable.command(named: name)
        guard let command = known else {
            say("\(name.prefix(40)): no such command; Tab completes, ? lists them", .warning)
            return []
        }
        if command.argument == nil, !argument.isEmpty {
            say("\(command.name): takes nothing behind it", .warning)
            return []
        }
        return run(command, argument: argument)
    }

    /// What other tools have taught people to type.
    private static let shortNames: [String: CommandID] = ["q": .quit, "cols": .columns]

    /// Stops the change that runs; with none, a second press within 2 s quits.
    mutating func interrupt() -> [Effect] {
        if let job = jobs.jobs.last(where: { $0.isRunning && !$0.isStopping }) {
            jobs[job.id]?.isStopping = true
            say("\(job.title): stopping; what was done stays done", .warning)
            return [.stop(job.id)]
        }
        if isSecondPress() { return [.quit] }
        say("Ctrl-C again within 2 s quits")
        return []
    }

    /// Whether the same was asked for less than 2 s ago; else it is remembered.
    mutating func isSecondPress() -> Bool {
        if let pressed = interruptPressed, now.monotonic - pressed <= Self.secondPressTime { return true }
        interruptPressed = now.monotonic
        return false
    }

    /// A second press within this quits.
    static let secondPressTime = Duration.seconds(2)
}
