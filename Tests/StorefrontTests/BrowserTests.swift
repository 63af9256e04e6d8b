import SessionTesting
import Testing

extension StorefrontTests {
    @Test("A real browser signs in over TLS, is revoked by sessiontop, and is shown the sign-in page")
    func browser() async throws {
        try await ScratchFolder.with { folder in
            let url = "sqlite:\(folder)/shop.db"
            try await Storefronts.with(["--store", url]) { shop in
                try await WebDriver.with(in: folder) { browser in
                    let root = "https://localhost:\(shop.securePort)"
                    try await browser.open("\(root)/sign-in")
                    try await signIn(browser)
                    #expect(try await browser.run("document.querySelector('h1').textContent") == "Welcome, alice")
                    try await checkCookies(browser)
                    let said = try await Tool.run(
                        BuiltProgram.path("sessiontop"),
                        ["revoke", url, "--user", "alice", "--reason", "a drill", "--yes", "--format", "json"])
                    #expect(said.contains("\"outcome\":\"revoked\""))
                    try await browser.open("\(root)/account")
                    #expect(try await browser.address() == "\(root)/sign-in")
                    #expect(try await browser.run("document.querySelector('h1').textContent") == "Sign in")
                    #expect(try await !browser.cookies().contains { $0.name == "__Host-session" })
                    try await signIn(browser)
                    #expect(try await browser.run("document.querySelector('h1').textContent") == "Welcome, alice")
                }
            }
        }
    }

    /// Fills the form in, and waits for the page behind it.
    private func signIn(_ browser: WebDriver) async throws {
        try await browser.run("document.querySelector('[name=user]').value = 'alice'")
        try await browser.run("document.querySelector('[name=password]').value = 'open sesame'")
        try await browser.run("document.querySelector('form.card button').click()")
        try await Waiting.until("the page behind the form") { try await browser.address().hasSuffix("/account") }
    }

    /// What OWASP wants of a session's cookie, as the browser has taken it.
    private func checkCookies(_ browser: WebDriver) async throws {
        let cookies = try await browser.cookies()
        for name in ["__Host-session", "__Host-node"] {
            let cookie = try #require(cookies.first { $0.name == name }, "\(name) was not taken")
            #expect(cookie.secure && cookie.httpOnly && cookie.path == "/" && cookie.sameSite == "Lax")
            #expect(cookie.domain == "localhost" && cookie.expiry == nil)
        }
        #expect(try await browser.run("document.cookie") == "", "no script of the page sees one")
    }
}
