import Foundation
import SessionTesting

/// A headless Chromium, driven by Debian's chromedriver over HTTP (W3C's WebDriver).
struct WebDriver {
    /// What the browser refused.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// A cookie as the browser has it.
    struct Cookie: Decodable {
        let name: String
        let domain: String
        let path: String
        let secure: Bool
        let httpOnly: Bool
        let sameSite: String?
        let expiry: Int?
    }

    private struct Answer<Value: Decodable>: Decodable {
        let value: Value
    }

    private struct Begun: Decodable {
        let sessionId: String
    }

    private struct Nothing: Decodable {}

    private let session: String

    /// Starts a browser with a profile of its own for the time of a test.
    static func with(in folder: String, _ body: (WebDriver) async throws -> Void) async throws {
        let port = FreePort.take()
        // The browser writes where its user's home is.
        let command = ServerProcess.Command(
            "env", ["HOME=\(folder)", "TMPDIR=\(folder)", "chromedriver", "--port=\(port)"]
        ) { LoopbackPort.isOpen(port) }
        try await ServerProcess.with(command) { _ in
            let root = "http://127.0.0.1:\(port)/session"
            let begun: Begun = try await ask("POST", root, capabilities(in: folder))
            let driver = WebDriver(session: "\(root)/\(begun.sessionId)")
            do { try await body(driver) } catch {
                _ = try? await driver.send("DELETE", "", nil)
                throw error
            }
            try await driver.send("DELETE", "", nil)
        }
    }

    private static func capabilities(in folder: String) -> [String: Any] {
        let arguments = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--user-data-dir=\(folder)/profile",
        ]
        let match: [String: Any] = ["acceptInsecureCerts": true, "goog:chromeOptions": ["args": arguments]]
        return ["capabilities": ["alwaysMatch": match]]
    }

    /// Loads a page.
    func open(_ url: String) async throws { try await send("POST", "/url", ["url": url]) }

    /// Runs a script in the page, and returns what it returns as text.
    @discardableResult
    func run(_ script: String) async throws -> String {
        let value: String? = try await Self.ask(
            "POST", "\(session)/execute/sync", ["script": "return String(\(script))", "args": [] as [String]])
        return value ?? ""
    }

    /// The address of the page.
    func address() async throws -> String { try await Self.ask("GET", "\(session)/url", nil) }

    /// The page's cookies, those that no script sees among them.
    func cookies() async throws -> [Cookie] { try await Self.ask("GET", "\(session)/cookie", nil) }

    private func send(_ method: String, _ path: String, _ body: [String: Any]?) async throws {
        let _: Nothing? = try await Self.ask(method, session + path, body)
    }

    private static func ask<Value: Decodable>(
        _ method: String, _ url: String, _ body: [String: Any]?
    ) async throws -> Value {
        var arguments = ["-s", "-S", "--max-time", "60", "-X", method]
        if let body {
            let bytes = try JSONSerialization.data(withJSONObject: body)
            arguments += ["-H", "Content-Type: application/json", "-d", String(decoding: bytes, as: UTF8.self)]
        }
        let said = try await Tool.run("curl", arguments + [url])
        do { return try JSONDecoder().decode(Answer<Value>.self, from: Data(said.utf8)).value } catch {
            throw Failure(description: "\(method) \(url.suffix(40)): \(said.prefix(2000))")
        }
    }
}
