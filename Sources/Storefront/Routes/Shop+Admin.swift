import Hummingbird
import Sessions
import SessionsHummingbird

extension Shop {
    /// So many sessions are shown.
    private static let mostRows = 100

    /// The admin's page: who is there, and how well this instance does.
    func addAdmin(to pages: RouterGroup<ShopContext>) {
        pages.get("/admin") { [self] _, context in
            try admin(context)
            let rows = try await backing.store.rows(after: nil, limit: Self.mostRows).rows
            let proof = try context.session.csrfToken()
            return try page("Sessions and this instance", context, "\(sessions(rows, proof))\(counters())")
        }
        pages.post("/admin/revoke/:handle") { [self] _, context in
            let user = try admin(context)
            guard let prefix = context.parameters.get("handle").flatMap({ HandlePrefix($0) }),
                let id = try await backing.store.find(prefix, limit: 1).first
            else { throw HTTPError(.notFound) }
            try await node.revoke(id, by: "storefront/\(user)", reason: "the admin's page")
            return Response.redirect(to: "/admin")
        }
    }

    @discardableResult
    private func admin(_ context: ShopContext) throws -> String {
        let user = try context.session.requireUser()
        guard user.utf8.elementsEqual(Account.admin.utf8) else { throw HTTPError(.notFound) }
        return user
    }

    private func sessions(_ rows: [SessionRow], _ proof: String) -> HTML {
        let now = settings.time.wall()
        let lines = rows.filter { $0.standing(at: now) == .live }.map { row -> HTML in
            """
            <tr><td><code>\(row.id.handle)</code></td><td>\(row.user ?? "–")</td><td>\(row.node ?? "–")</td>\
            <td>\(row.ip ?? "–")</td><td>\(row.end.map { "\($0)" } ?? "never")</td>\
            <td>\(HTML.button("Revoke", "/admin/revoke/\(row.id.handle)", proof: proof, kind: "danger"))</td></tr>
            """
        }
        return """
            <table><tr><th>Session</th><th>User</th><th>Node</th><th>Address</th><th>Ends</th><th></th></tr>\
            \(HTML(lines))</table>
            """
    }

    private func counters() -> HTML {
        let counters = node.counters
        let shown: [Counters.Name] = [
            .requests, .served, .refused, .errors, .suspicious, .l1Hit, .l1Miss, .l2Hit, .l2Miss, .databaseHit, .saves,
            .conflicts, .signIns, .signOuts,
        ]
        let node = shown.map { "<tr><td>\($0.rawValue)</td><td class=\"number\">\(counters[$0])</td></tr>" as HTML }
        let attacks = Attack.allCases.map {
            "<tr><td>\($0.rawValue)</td><td class=\"number\">\(settings.attacks[$0])</td></tr>" as HTML
        }
        return """
            <h1>\(self.node.id)</h1><table><tr><th>Counted</th><th></th></tr>\(HTML(node))\
            <tr><th>Refused</th><th></th></tr>\(HTML(attacks))</table>
            """
    }
}
