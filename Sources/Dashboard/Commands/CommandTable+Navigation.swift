internal import Screen

extension CommandTable {
    static let navigation: [Command] = [
        Command(.moveDown, "down", keys: [.character("j"), .down], .navigation, "move down"),
        Command(.moveUp, "up", keys: [.character("k"), .up], .navigation, "move up"),
        Command(.halfPageDown, "half-page-down", keys: [.control("d")], .navigation, "half a page down"),
        Command(.halfPageUp, "half-page-up", keys: [.control("u")], .navigation, "half a page up"),
        Command(.pageDown, "page-down", keys: [.pageDown, .control("f")], .navigation, "a page down"),
        Command(.pageUp, "page-up", keys: [.pageUp, .control("b")], .navigation, "a page up"),
        Command(.top, "top", keys: [.character("g"), .home], .navigation, "to the first row"),
        Command(.bottom, "bottom", keys: [.character("G"), .end], .navigation, "to the last row"),
        Command(
            .scrollLeft, "scroll-left", keys: [.character("h"), .left], in: .list, .navigation, "scroll columns left"),
        Command(
            .scrollRight, "scroll-right", keys: [.character("l"), .right], in: .list, .navigation,
            "scroll columns right"),
        Command(
            .open, "open", keys: [.enter], in: [.list, .users, .nodes, .audit, .result], .navigation, hint: "open",
            "open the cursor's row", unless: { $0.noRowReason }),
        Command(
            .inspect, "inspect", argument: "[HANDLE]", keys: [.character("d"), .character("i")], in: .list,
            .navigation, "the session in detail", unless: { $0.noSessionReason }, named: { _ in nil }),
        Command(
            .raw, "raw", keys: [.character("J")], in: .session, .navigation, hint: "raw",
            "the raw record, masked", unless: { $0.noSessionReason }),
        Command(
            .expand, "expand", keys: [.character("e")], in: .session, .navigation,
            "detail on a full screen", unless: { $0.noSessionReason }),
    ]

    static let places: [Command] = [
        Command(
            .back, "back", keys: [.escape], .navigation, hint: "back", "close, clear, or go back"),
        Command(.leave, "leave", keys: [.character("q")], .navigation, "go back, or quit"),
        Command(.nextTab, "next", keys: [.tab], .navigation, "next view"),
        Command(.previousTab, "previous", keys: [.backTab], .navigation, "previous view"),
        Command(.sessions, "sessions", keys: [.character("1")], .navigation, "all sessions"),
        Command(.users, "users", keys: [.character("2")], .navigation, "users"),
        Command(.stats, "stats", keys: [.character("3")], .navigation, "hit rates and counts"),
        Command(.nodes, "nodes", keys: [.character("4")], .navigation, "nodes and affinity"),
        Command(.audit, "audit", keys: [.character("5")], .navigation, "the audit log"),
        Command(
            .historyBack, "history-back", keys: [.character("[")], .navigation, "back in the history",
            unless: { $0.navigation.past.isEmpty ? "no view was seen before this one" : nil }),
        Command(
            .historyForward, "history-forward", keys: [.character("]")], .navigation,
            "forward in the history",
            unless: { $0.navigation.future.isEmpty ? "no view was gone back from" : nil }),
        Command(
            .lastPlace, "last-view", keys: [.character("`")], .navigation, "the last view, and back",
            unless: { $0.navigation.past.isEmpty ? "no view was seen before this one" : nil }),
        Command(
            .user, "user", argument: "[NAME]", keys: [.character("u")], in: .everywhere, .navigation, hint: "user",
            "this user's sessions", unless: { $0.noUserReason }, named: { _ in nil }),
        Command(
            .result, "result", keys: [.character("r")], .navigation, "what the last change did",
            unless: { $0.jobs.jobs.isEmpty ? "nothing has been changed yet" : nil }),
        Command(
            .context, "ctx", argument: "[NAME]", .navigation, "look at another context",
            unless: { $0.contextReason }),
    ]
}
