internal import Screen
internal import Sessions

/// What the sessions of one user have in common, over their list.
struct UserBox {
    /// Rows with the frame.
    static func height(_ state: State) -> Int {
        let families = UserFamilies(state)
        return 5 + families.notes(columns: 0, .unicode).count + families.tableHeight
    }

    /// So many sessions are looked at; where there are more, nothing is said that would need all of them.
    static let limit = 2_000

    static func draw(_ state: State, user: String?, in area: Rect, on grid: inout Grid) {
        let families = UserFamilies(state)
        let frame = grid.frame(area, title: [Span("User", .title)], footer: families.footer(grid.glyphs))
        let inside = frame.inset(columns: 1, rows: 0)
        let facts = Facts(state)
        let now = state.now.wall
        let wide = inside.columns >= 100 ? 4 : 3
        grid.write(
            [
                [Span(user ?? "anonymous sessions", .title)],
                .joined(
                    [
                        figure("sessions", Format.count(state.list.count)),
                        figure("IPs", facts?.addresses), figure("nodes", facts?.nodes),
                        figure("agents", facts?.agents), ending(state, facts),
                    ], by: .space(wide)),
                .joined(
                    [
                        figure("signed in", facts?.created.map { Format.relative($0, to: now) }),
                        figure("last seen", facts?.seen.map { Format.relative($0, to: now) }),
                    ], by: .space(wide)),
            ] + families.notes(columns: inside.columns, grid.glyphs), in: inside)
        families.drawTable(in: frame.dropFirst(frame.rows - families.tableHeight), on: &grid)
    }

    /// Where there are sessions and none is known, the store doesn't tell them.
    private static func figure(_ name: String, _ value: Int?) -> [Span] {
        figure(name, value.flatMap { $0 > 0 ? Format.count($0) : nil })
    }

    private static func figure(_ name: String, _ value: String?) -> [Span] {
        [Span(name + " ", .dim), Span(value ?? Format.unknown)]
    }

    private static func ending(_ state: State, _ facts: Facts?) -> [Span] {
        guard let count = facts?.ending, count > 0 else { return [] }
        return [Span("ending<5m ", .dim), Span(Format.count(count), .stateExpiring)]
    }

    /// What can be counted from the rows.
    private struct Facts {
        var addresses = 0, nodes = 0, agents = 0, ending = 0
        var created: Timestamp?, seen: Timestamp?

        init?(_ state: State) {
            guard state.list.count <= limit else { return nil }
            var distinct: (addresses: Set<String>, nodes: Set<String>, agents: Set<String>) = ([], [], [])
            for place in 0..<state.list.count {
                guard let row = state.list.table.row(at: place) else { continue }
                if let ip = row.ip { distinct.addresses.insert(ip) }
                if let node = row.node { distinct.nodes.insert(node) }
                if let agent = row.agent { distinct.agents.insert(agent) }
                if SessionStanding(row, at: state.now.wall).kind == .ending { ending += 1 }
                created = [created, row.created].compactMap(\.self).min()
                seen = [seen, row.seen].compactMap(\.self).max()
            }
            (addresses, nodes, agents) = (distinct.addresses.count, distinct.nodes.count, distinct.agents.count)
        }
    }
}
