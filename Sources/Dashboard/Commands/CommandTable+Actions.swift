internal import Screen

extension CommandTable {
    static let changes: [Command] = [
        Command(
            .revoke, "revoke", argument: "[FILTER|everyone]", keys: [.character("X"), .function(9), .delete],
            in: .session, .actions, danger: .destructive, hint: "revoke",
            "end the marked, or this", unless: { $0.revokeReason(.marked) },
            named: { $0.revokeReason(.rule) }),
        Command(
            .revokeUser, "revoke-user", keys: [.character("A")], in: [.list, .users, .inspect], .actions,
            danger: .destructive, hint: "revoke user", "end this user's sessions",
            unless: { $0.revokeReason(.user) }),
        Command(
            .extend, "extend", argument: "[30m]", keys: [.character("E")], in: .session, .actions,
            danger: .destructive, hint: "extend", "move idle deadlines later", unless: { $0.extendReason }),
        Command(
            .reveal, "reveal", keys: [.character("M")], in: .session, .actions, danger: .recorded, hint: "reveal",
            "show secrets for 30 s", unless: { $0.revealReason }),
        Command(
            .drainNode, "drain", keys: [.character("D")], in: .nodes, .actions, danger: .destructive, hint: "drain",
            "drain: no new clients", unless: { $0.steerReason }),
        Command(
            .stopNode, "maintenance", keys: [.character("M")], in: .nodes, .actions, danger: .destructive,
            hint: "maint", "take out: clients move on", unless: { $0.steerReason }),
        Command(
            .readyNode, "ready", keys: [.character("R")], in: .nodes, .actions, danger: .destructive, hint: "ready",
            "take requests again", unless: { $0.steerReason }),
    ]

    static let rest: [Command] = [
        Command(
            .copy, "copy", keys: [.character("c")], in: [.list, .inspect, .result], .actions, hint: "copy",
            "copy the handle", unless: { $0.noSessionReason }),
        Command(
            .export, "export", argument: "[FILE]", keys: [.character("W"), .control("s")], in: [.list, .audit],
            .actions, danger: .recorded, hint: "export", "export as CSV or JSON", unless: { $0.exportReason }),
        Command(
            .pause, "pause", keys: [.character("p"), .character("Z")], .actions, hint: "pause", "hold still, go on"),
        Command(.slower, "slower", keys: [.character("+")], .actions, "ask the store less often"),
        Command(.faster, "faster", keys: [.character("-")], .actions, "ask the store more often"),
        Command(.interval, "interval", argument: "SECONDS", .actions, "the time between polls"),
        Command(.refresh, "refresh", keys: [.control("r")], .actions, "ask the store now"),
        Command(
            .stopLoading, "stop", .actions, "stop reading rows",
            unless: { $0.polling.loading.isReading ? nil : "no rows are being read" }),
        Command(.redraw, "redraw", keys: [.control("l")], .actions, "draw the screen anew"),
        Command(.suspend, "suspend", keys: [.control("z")], .actions, "suspend, back to the shell"),
        Command(.command, "command", keys: [.character(":")], .actions, hint: "cmd", "type a command"),
        Command(.help, "help", keys: [.character("?"), .function(1)], .actions, hint: "help", "keys and commands"),
        Command(.log, "log", keys: [.character("L")], .actions, "the last messages, in full"),
        Command(.theme, "theme", argument: "[NAME]", keys: [.character("T")], .actions, "choose a theme"),
        Command(
            .interrupt, "interrupt", keys: [.control("c")], .actions, "stop a change; twice: quit"),
        Command(.quit, "quit", .actions, "end; what runs is stopped"),
    ]
}
