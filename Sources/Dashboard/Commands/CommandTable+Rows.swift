internal import Screen
internal import Sessions

extension CommandTable {
    static let rows: [Command] = [
        Command(
            .mark, "mark", keys: [.character(" ")], in: .list, .rows, hint: "mark", "mark, and move down",
            unless: { $0.noSessionReason }),
        Command(
            .markRange, "mark-range", keys: [.character("v")], in: .list, .rows,
            "begin a range, or mark it", unless: { $0.noSessionReason }),
        Command(
            .markAll, "mark-all", keys: [.character("*")], in: .list, .rows, hint: "all",
            "mark all that are listed", unless: { $0.manyRowsReason }),
        Command(
            .clearMarks, "unmark", keys: [.character("U")], in: .list, .rows, "clear the marks",
            unless: { $0.list.markCount == 0 ? "nothing is marked" : nil }),
        Command(
            .filter, "filter", argument: "[FILTER]",
            keys: [.character("/"), .character("\\"), .function(4)], in: [.list, .users, .audit], .rows,
            hint: "filter", "show only what matches"),
        Command(
            .find, "find", argument: "[TEXT]", keys: [.function(3)], in: .list, .rows, hint: "find",
            "find text, hiding nothing"),
        Command(
            .findNext, "find-next", keys: [.character("n")], in: .list, .rows, "the next one found",
            unless: { $0.list.find.text.isEmpty ? "nothing is looked for: press F3" : nil }),
        Command(
            .findPrevious, "find-previous", keys: [.character("N")], in: .list, .rows, "the previous one found",
            unless: { $0.list.find.text.isEmpty ? "nothing is looked for: press F3" : nil }),
        Command(
            .sort, "sort", argument: "[COLUMN]", keys: [.character("s"), .function(6)], in: [.list, .users], .rows,
            hint: "sort", "choose what to sort by"),
        Command(
            .sortPrevious, "sort-previous", keys: [.character("<")], in: [.list, .users], .rows,
            "sort by the column before"),
        Command(
            .sortNext, "sort-next", keys: [.character(">")], in: [.list, .users], .rows, "sort by the next column"),
        Command(.invert, "invert", keys: [.character("I")], in: [.list, .users], .rows, "turn the order round"),
        Command(
            .columns, "columns", keys: [.character("C"), .function(2)], in: .list, .rows, hint: "columns",
            "choose the columns"),
        Command(
            .follow, "follow", keys: [.character("F")], in: .list, .rows, "keep the cursor centred",
            unless: { $0.noSessionReason }),
        Command(
            .window, "window", keys: [.character("w")], in: [.stats, .nodes], .rows, hint: "window",
            "rates of 10 s, 1 or 15 min",
            unless: { $0.fleet.nodes.contains { $0.server != nil } ? "a balancer counts over its own time" : nil }),
        Command(
            .graphs, "graphs", keys: [.character("b")], in: .stats, .rows, hint: "dots",
            "graphs of blocks or dots"),
    ]
}
