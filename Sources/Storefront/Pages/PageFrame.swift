import HTTPTypes
import Hummingbird
import Sessions

/// What every page has around what is its own.
struct PageFrame {
    let title: String
    let node: String
    let backing: String
    var user: String?
    var things = 0
    /// For the form that signs out.
    var proof: String?
    var record: Session?
    var madeBy: String?

    /// The page as a response.
    func response(_ status: HTTPResponse.Status, _ body: HTML) -> Response {
        let page: HTML = """
            <!doctype html><html lang="en"><head><meta charset="utf-8">\
            <meta name="viewport" content="width=device-width,initial-scale=1"><title>\(title) · Storefront</title>\
            <style>\(HTML(stringLiteral: Stylesheet.text))</style></head><body>
            <header><a class="name" href="/">Storefront</a><a href="/basket">Basket (\(things))</a>\(account)</header>
            <main><h1>\(title)</h1>
            \(body)
            </main>
            <footer>Served by <b>\(node)</b>, sessions in \(backing).\(session)</footer></body></html>

            """
        return Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: page.text)))
    }

    private var account: HTML {
        guard let user, let proof else { return "<a href=\"/sign-in\">Sign in</a>" }
        let admin: HTML = user == Account.admin ? "<a href=\"/admin\">Admin</a>" : ""
        return """
            \(admin)<span>\(user)</span>\
            <form method="post" action="/sign-out">\(HTML.proof(proof))<button>Sign out</button></form>
            """
    }

    private var session: HTML {
        guard let record else { return " No session yet." }
        let maker = madeBy.map { ", made by \($0)" } ?? ""
        return " Session <code>\(record.id.handle)</code>\(maker)."
    }
}

extension HTML {
    /// The hidden field that proves that a form is ours.
    static func proof(_ proof: String) -> HTML { "<input type=\"hidden\" name=\"csrf\" value=\"\(proof)\">" }

    /// A form that is one button.
    static func button(_ label: String, _ action: String, proof: String, kind: String = "") -> HTML {
        """
        <form method="post" action="\(action)">\(HTML.proof(proof))<button class="\(kind)">\(label)</button></form>
        """
    }
}
