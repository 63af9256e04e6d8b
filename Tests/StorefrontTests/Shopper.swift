import Foundation
import SessionTesting

/// A customer with a real HTTP client: curl, with a cookie jar of its own.
struct Shopper {
    /// What came back.
    struct Page {
        let status: Int
        /// The header and the page.
        let text: String

        /// Whether the client is told to forget its session.
        ///
        /// Its jar isn't asked: curl 7.88 loads a jar anew before it writes it, and so brings back what it has removed.
        var removesSession: Bool {
            text.split(separator: "\r\n").contains { line in
                line.lowercased().hasPrefix("set-cookie: __host-session=;") && line.contains("Max-Age=0")
            }
        }

        /// The instance that made the page.
        var node: String? { match(between: "Served by <b>", and: "</b>") }
        /// The proof for the page's forms.
        var proof: String? { match(between: "name=\"csrf\" value=\"", and: "\"") }
        /// The handle of the session.
        var handle: String? { match(between: "Session <code>", and: "</code>") }

        private func match(between begin: String, and end: String) -> String? {
            guard let start = text.range(of: begin)?.upperBound,
                let stop = text.range(of: end, range: start..<text.endIndex)?.lowerBound
            else { return nil }
            return String(text[start..<stop])
        }
    }

    /// By which name they sign in.
    let user: String
    private let jar: String
    /// Where the shop is.
    var port: Int

    /// Somebody new, whose cookies lie in a folder.
    init(_ name: String, in folder: String, port: Int) {
        user = name
        jar = "\(folder)/\(name).jar"
        self.port = port
    }

    /// The same person at another port: cookies know no ports.
    func at(_ port: Int) -> Shopper {
        var shopper = self
        shopper.port = port
        return shopper
    }

    func get(_ path: String, _ arguments: String...) async throws -> Page { try await curl(path, arguments) }

    /// Loads a page for its proof, and sends a form.
    @discardableResult
    func post(_ path: String, from page: String = "/", _ fields: [String: String] = [:]) async throws -> Page {
        let proof = try await get(page).proof ?? ""
        let all = fields.merging(["csrf": proof]) { $1 }
        return try await curl(path, all.flatMap { ["--data-urlencode", "\($0.key)=\($0.value)"] })
    }

    @discardableResult
    func signIn(_ user: String) async throws -> Page {
        try await post("/sign-in", from: "/sign-in", ["user": user, "password": "open sesame"])
    }

    /// The value of a cookie in the jar.
    func cookie(_ name: String) throws -> String? {
        let lines = try String(contentsOfFile: jar, encoding: .utf8).split(separator: "\n")
        return lines.map { $0.split(separator: "\t") }.first { $0.count == 7 && $0[5] == name }.map { String($0[6]) }
    }

    private func curl(_ path: String, _ arguments: [String]) async throws -> Page {
        let said = try await Tool.run(
            "curl",
            ["-s", "-S", "-i", "--max-time", "30", "-b", jar, "-c", jar, "-w", "\n%{http_code}"] + arguments
                + ["http://localhost:\(port)\(path)"])
        let lines = said.split(separator: "\n", omittingEmptySubsequences: false)
        return Page(status: Int(lines.last ?? "") ?? 0, text: lines.dropLast().joined(separator: "\n"))
    }
}
