import ProgramTesting
import SessionTesting
import Subprocess
import Testing

/// The dashboard on the shop, in a real terminal.
extension StorefrontTests {
    @Test(
        "On the dashboard: sessions by node; one is extended, and its cookie issued anew; a user is revoked everywhere")
    func watched() async throws {
        try await ScratchFolder.with { folder in
            let url = "sqlite:\(folder)/shop.db"
            try await Storefronts.with(["--store", url, "--remember"]) { shop in
                let (alice, bob) = (shop.shopper("alice"), shop.shopper("bob"))
                try await alice.at(shop.ports[0]).signIn("alice")
                try await bob.at(shop.ports[1]).signIn("bob")
                try await RunningProgram.with(columns: 120, rows: 40) { program in
                    let terminal = program.terminal
                    try await program.start("'\(url)'")
                    try await terminal.wait("both, each with its node") { screen in
                        let lines = screen.split(separator: "\n")
                        return lines.contains { $0.contains("alice") && $0.contains("web-01") }
                            && lines.contains { $0.contains("bob") && $0.contains("web-02") }
                    }
                    try await filter(terminal, "user:bob")
                    let before = try await cookieAge(of: bob, at: shop.ports[1])
                    try await terminal.press("E")
                    try await terminal.wait(for: "[ Extend ]")
                    // From the new deadline to the button, and the button.
                    try await answer(terminal, "Enter", while: "[ Extend ]")
                    try await terminal.wait(for: "extended")
                    try await Waiting.until("his cookie, issued until the new deadline") {
                        try await cookieAge(of: bob, at: shop.ports[1]) > before + 60
                    }
                    try await terminal.press("Escape", "Escape")
                    try await filter(terminal, "user:alice")
                    try await terminal.press("A")
                    try await terminal.wait(for: "[ Revoke ]")
                    try await giveReason(terminal, "x")
                    try await terminal.press("Tab", "1", "Tab", "Tab", "Tab", "Enter")
                    try await terminal.wait(for: "effective")
                }
                for port in shop.ports {
                    #expect(try await alice.at(port).get("/account").status == 303, "refused at its next request")
                }
                #expect(try await bob.get("/account").text.contains("Welcome, bob"))
            }
        }
    }

    @Test("In memory: a node is drained and watched as it empties; which sessions go with a killed one is said")
    func watchedMemory() async throws {
        try await Storefronts.with(["--mode", "memory"]) { shop in
            let (alice, bob) = (shop.shopper("alice"), shop.shopper("bob"))
            for shopper in [alice, bob] { try await shopper.at(shop.ports[0]).signIn(shopper.user) }
            try await alice.post("/basket/tea/add")
            #expect(try await alice.get("/basket").node == "web-01")
            let handle = try #require(try await alice.get("/").handle)
            try await RunningProgram.with(columns: 120, rows: 40) { program in
                let terminal = program.terminal
                try await program.start("'\(shop.adminURL)'")
                try await terminal.wait("both sessions") { $0.contains("alice") && $0.contains("bob") }
                try await terminal.press("4")
                try await terminal.wait("the node's two") { $0.contains("web-03") && $0.contains("LOST") }
                try await steer(terminal, "D", "Drain web-01 ?", "keeps the 2 sessions in its memory")
                try await terminal.wait(for: "2 of 2 sessions left; lost when it stops")
                // Its clients stay, and others don't come.
                #expect(try await alice.get("/basket").node == "web-01")
                let carol = shop.shopper("carol")
                try await Waiting.until("the balancer to hear") {
                    try await Shopper("new", in: shop.folder, port: shop.ports[0]).get("/health").status == 404
                }
                try await Waiting.until("carol's sign-in elsewhere") {
                    let status = try await carol.signIn("carol").status
                    let node = try await carol.get("/basket").node
                    return status == 303 && node != "web-01"
                }
                try await bob.post("/sign-out")
                try await terminal.wait(for: "1 of 2 sessions left")
                try await steer(terminal, "M", "Take out web-01 ?", "hands the 1 session in its memory over")
                try await terminal.wait(for: "0 of 1 session left, 1 handed over")
                let moved = try await alice.get("/basket", "-L")
                #expect(moved.text.contains("Assam tea"), "her basket came along")
                let node = try #require(moved.text.firstMatch(of: /Served by <b>(web-0[23])<\/b>/)).output.1
                try await terminal.press("1")
                try await terminal.wait("her at her new node") { screen in
                    screen.split(separator: "\n").contains { $0.contains("alice") && $0.contains(node) }
                }
                try await terminal.press("4")
                try await terminal.wait(for: "web-03")
                for _ in 0..<(node == "web-02" ? 1 : 2) { try await terminal.press("j") }
                try await shop.instances[try #require(shop.number(of: String(node)))].end(by: .kill)
                try await terminal.wait("whose session it had") { screen in
                    screen.contains("when last seen, lost if it died") && screen.contains("alice \(handle)")
                }
                try await shop.instances[try #require(shop.number(of: String(node)))].start()
                try await terminal.wait("what is lost") { screen in
                    screen.contains("lost  \(node)") && screen.contains("alice \(handle)")
                }
            }
            let after = try await alice.get("/basket")
            #expect(after.status == 200 && !after.text.contains("Assam tea") && after.removesSession)
        }
    }

    // MARK: - Steps

    private func filter(_ terminal: Tmux, _ text: String) async throws {
        try await terminal.press("/", "C-u")
        try await terminal.type(text)
        try await terminal.press("Enter")
        try await terminal.wait(for: "filter \(text)")
    }

    /// Answers a dialog with a key, again and again: what is pressed within its first moment is not taken for an answer,
    /// nor is a key that is held down.
    private func answer(_ terminal: Tmux, _ key: String, while dialog: String) async throws {
        try await terminal.wait("it listens") { screen in
            guard screen.contains(dialog) else { return true }
            try await terminal.press(key)
            try await Task.sleep(for: .milliseconds(400))
            return false
        }
    }

    /// Types a reason into a dialog, which takes no key within its first moment.
    private func giveReason(_ terminal: Tmux, _ keys: String...) async throws {
        try await terminal.wait("it listens") { _ in
            for key in keys { try await terminal.press(key) }
            for _ in 0..<20 {
                if try await terminal.screen().contains("reason   [x") { return true }
                try await Task.sleep(for: .milliseconds(50))
            }
            return false
        }
    }

    private func steer(_ terminal: Tmux, _ key: String, _ question: String, _ meaning: String) async throws {
        try await terminal.press(key)
        try await terminal.wait("the question") { $0.contains(question) && $0.contains(meaning) }
        try await giveReason(terminal, "BTab", "x")
        try await terminal.press("Tab")
        try await answer(terminal, "y", while: question)
    }

    /// For how many seconds a client keeps its cookie by the last response, which sets it anew where that has changed.
    private func cookieAge(of shopper: Shopper, at port: Int) async throws -> Int {
        let page = try await shopper.at(port).get("/account")
        let match = page.text.firstMatch(of: /set-cookie: __Host-session=[^\r]*Max-Age=([0-9]+)/.ignoresCase())
        return match.flatMap { Int($0.output.1) } ?? 0
    }
}
