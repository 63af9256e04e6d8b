import Hummingbird
import Sessions
import SessionsHummingbird

extension Shop {
    private struct SignIn: Decodable {
        var user = ""
        var password = ""
    }

    /// Signing in and out, and the page that only its user sees.
    func addSigning(to pages: RouterGroup<ShopContext>) {
        pages.get("/sign-in") { [self] _, context in try signInPage(context) }
        pages.post("/sign-in") { [self] request, context in
            let body = String(buffer: try await request.body.collect(upTo: CSRFMiddleware<ShopContext>.longestForm))
            guard let form = try? URLEncodedFormDecoder().decode(SignIn.self, from: body),
                Account.accepts(form.user, form.password)
            else { return try signInPage(context, wasWrong: true) }
            // The basket comes along; the id does not.
            try await context.session.signIn(form.user, payload: try context.session.payload)
            return Response.redirect(to: "/account")
        }
        pages.post("/sign-out") { _, context in
            try await context.session.signOut()
            return Response.redirect(to: "/")
        }
        pages.post("/sign-out-everywhere") { _, context in
            try await context.session.signOutEverywhere(reason: "asked in the shop")
            return Response.redirect(to: "/")
        }
        pages.get("/account") { [self] _, context in
            guard let record = context.session.record, let user = record.user else {
                return Response.redirect(to: "/sign-in")
            }
            return try page("Welcome, \(user)", context, try account(record, context))
        }
    }

    private func signInPage(_ context: ShopContext, wasWrong: Bool = false) throws -> Response {
        let note: HTML = wasWrong ? "<p class=\"note\">That name and that password don't belong together.</p>" : ""
        let names = Account.names.joined(separator: ", ")
        let body: HTML = """
            \(note)<form class="card narrow" method="post" action="/sign-in">\(HTML.proof(try context.session.csrfToken()))\
            <label>Name <input name="user" autocomplete="username" required autofocus></label>\
            <label>Password <input name="password" type="password" autocomplete="current-password" required></label>\
            <button class="main">Sign in</button></form>
            <p>This is an example: \(names), with the password “\(Account.password)”.</p>
            """
        return try page("Sign in", context, status: wasWrong ? .unauthorized : .ok, body)
    }

    private func account(_ record: Session, _ context: ShopContext) throws -> HTML {
        let proof = try context.session.csrfToken()
        let rows: [(String, String)] = [
            ("Session", "\(record.id.handle)"), ("Signed in", record.authenticated.map { "\($0)" } ?? "never"),
            ("Ends when unused, at", record.deadlines.idle.map { "\($0)" } ?? "never"),
            ("Ends in any case, at", record.deadlines.absolute.map { "\($0)" } ?? "never"),
            ("Address", record.ip ?? "unknown"), ("Browser", record.agent ?? "unknown"),
        ]
        let table = rows.map { "<tr><th>\($0.0)</th><td>\($0.1)</td></tr>" as HTML }
        return """
            <table>\(HTML(table))</table>
            <p>\(HTML.button("Sign out everywhere", "/sign-out-everywhere", proof: proof, kind: "danger"))</p>
            """
    }
}
