import Foundation
import Sessions
import Testing

@testable import sessiontop

@Suite("Configuration")
struct ConfigurationTests {
    let shop: CommandShop

    init() throws { shop = try CommandShop() }

    private func write(_ yaml: String, to name: String = "config.yaml") throws -> String {
        let file = shop.folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try yaml.write(to: file, atomically: true, encoding: .utf8)
        return file.path
    }

    @Test("A context names a store, and its rules hold")
    func contexts() async throws {
        let id = try await shop.signIn("alice")
        let file = try write(
            """
            default: staging
            theme: slate
            contexts:
              staging: { store: "\(shop.url)", readOnly: true, theme: paper }
              production:
                store: \(shop.url)
                protected: yes
            """)
        #expect(await shop.run("list", "staging", "--config", file, "--format", "json").lines.count == 1)
        #expect(await shop.run("revoke", "staging", "\(id.handle)", "--yes", "--config", file).status == 77)
        // In a protected context one session needs a reason, too.
        #expect(await shop.run("revoke", "production", "\(id.handle)", "--yes", "--config", file).status == 77)
        let done = await shop.run("revoke", "production", "\(id.handle)", "--yes", "--reason", "x", "--config", file)
        #expect(done.status == 0)
        let configuration = try Configuration(path: file) { _ in nil }
        #expect(configuration.defaultContext == "staging" && configuration.theme == "slate")
        #expect(configuration.context("staging")?.theme == "paper" && configuration.warnings.isEmpty)
    }

    @Test("In a protected context the name of it is asked for more than one session")
    func protected() async throws {
        for _ in 0..<2 { try await shop.signIn("alice") }
        let file = try write("contexts: { production: { store: \"\(shop.url)\", protected: true } }")
        let arguments = ["revoke", "production", "--user", "alice", "--reason", "x", "--config", file, "--no-wait"]
        #expect(await shop.run(arguments, answer: { _ in "y" }).status == 77)
        #expect(await shop.run(arguments, answer: { _ in "production" }).status == 0)
    }

    @Test("The file lies where XDG says, and need not be there")
    func place() async throws {
        try await shop.signIn("alice")
        _ = try write("contexts: { shop: { store: \"\(shop.url)\" } }", to: "sessiontop/config.yaml")
        let there = await shop.run("users", "shop", variables: ["XDG_CONFIG_HOME": shop.folder.path])
        #expect(there.status == 0)
        #expect(await shop.run("users", "URL", variables: ["XDG_CONFIG_HOME": "/nowhere"]).status == 0)
        #expect(await shop.run("users", "shop", variables: ["XDG_CONFIG_HOME": "/nowhere"]).status == 64)
        #expect(await shop.run("users", "URL", "--config", "/nowhere/config.yaml").status == 64)
    }

    @Test(
        "What is malformed is refused with its line, and without quoting it",
        arguments: [
            ("contexts:\n  a: { store: }", 2), ("contexts:\n  a:\n    readOnly: maybe", 3), ("- a", 1),
            ("contexts: 5", 1),
            ("contexts:\n  a: { readOnly: true }", 2), ("theme:\n  - a", 2),
            ("contexts:\n  a: { store: 'redis://u:sesame@h }", 2), ("a: b: c: redis://u:sesame@h", 1),
        ])
    func malformed(yaml: String, line: Int) throws {
        let error = try #require(throws: SessionsError.self) { try Configuration(yaml: yaml, file: "c.yaml") }
        #expect(error.code == .usage && error.message.contains("c.yaml, line \(line)"), "\(error)")
        #expect(!"\(error)".contains("sesame"))
    }

    @Test("A context names the command that tells its password, and the environment's comes first")
    func passwordCommand() throws {
        let yaml = "contexts: { shop: { store: 'redis://h', passwordCommand: 'echo sesame' } }"
        let configuration = try Configuration(yaml: yaml, file: "c.yaml")
        let command = try #require(configuration.context("shop")?.passwordCommand)
        #expect(configuration.warnings.isEmpty && command == PasswordCommand(line: "echo sesame", context: "shop"))
        func password(_ given: String?, _ command: PasswordCommand?) throws -> String? {
            let access = StoreAccess(
                isReadOnly: true, layout: nil, time: .system,
                variable: { $0 == "SESSIONTOP_PASSWORD" ? given : nil }, passwordCommand: command)
            return try access.password()
        }
        #expect(try password(nil, command) == "sesame")
        #expect(try password("", command) == "sesame")
        #expect(try password("open", command) == "open")
        #expect(try password(nil, nil) == nil)
    }

    @Test(
        "The first line of a passwordCommand is the password; it is given nothing to read",
        arguments: [
            ("printf 'sesame\\nuser: mira\\n'", "sesame"), ("printf sesame", "sesame"), ("cat; echo sesame", "sesame"),
            ("printf 'open sesame\\r\\n'", "open sesame"), ("yes | head -n 99999", "y"),
            ("kill -0 $$ && echo 'a b'", "a b"), ("echo sesame >&1; exec >&-", "sesame"),
            ("sleep 12 2>/dev/null & echo sesame", "sesame"), ("echo sesame &", "sesame"),
        ])
    func passwords(line: String, password: String) throws {
        #expect(try PasswordCommand(line: line, context: "shop").password() == password)
    }

    #if os(Linux)
    @Test("Under a dashboard a passwordCommand has no terminal to ask at or to write into")
    func underAScreen() throws {
        let line = "test \"$(cut -d' ' -f6 /proc/$$/stat)\" = $$ && readlink /proc/$$/fd/2"
        var command = PasswordCommand(line: line, context: "shop")
        command.mayUseTerminal = false
        #expect(try command.password() == "/dev/null")
        command.line = "exit 3"
        let error = try #require(throws: SessionsError.self) { try command.password() }
        #expect(error.message.contains("under a dashboard"))
    }
    #endif

    @Test(
        "A passwordCommand that gives no password is an error, which says nothing of what the command is",
        arguments: [
            ("no-such-command-sesame", .usage), ("true sesame", .usage), ("echo; echo sesame", .usage),
            ("printf '\\377\\n'; : sesame", .usage), ("echo sesame; exit 3", .unavailable),
            ("kill -TERM $$; : sesame", .unavailable), ("sleep 60; : sesame", .unavailable),
            ("exec >&-; sleep 60; : sesame", .unavailable),
        ] as [(String, SessionsError.Code)])
    func noPasswords(line: String, code: SessionsError.Code) throws {
        let command = PasswordCommand(line: line, context: "shop", limit: .milliseconds(500))
        let error = try #require(throws: SessionsError.self) { try command.password() }
        #expect(error.code == code && error.message.contains("shop") && !"\(error)".contains("sesame"))
    }

    @Test("A default that names nothing is said to be the configuration's")
    func defaultStore() throws {
        func name(_ yaml: String) throws -> String? { try Configuration(yaml: yaml, file: "c.yaml").defaultStore() }
        #expect(try name("") == nil)
        #expect(try name("default: sqlite:x.db") == "sqlite:x.db")
        #expect(try name("{ default: shop, contexts: { shop: { store: sqlite:x.db } } }") == "shop")
        let error = try #require(throws: SessionsError.self) { try name("default: nope") }
        #expect(error.code == .usage && error.message.contains("default: nope"))
    }

    @Test("What the file says can't act on the terminal")
    func escaping() async throws {
        let file = try write(#"{ "co\x1b[2Jlour": red, contexts: { shop: { store: "\#(shop.url)" } } }"#)
        let result = await shop.run("users", "shop", "--config", file)
        #expect(result.status == 0 && result.notes.count == 1)
        #expect(result.notes.allSatisfy { $0.contains("co␛[2Jlour") && !$0.unicodeScalars.contains("\u{1B}") })
    }

    @Test("What isn't known is a warning with its line")
    func unknown() throws {
        let configuration = try Configuration(
            yaml: "colour: red\ncontexts:\n  a:\n    store: sqlite:x\n    stor: y\n", file: "c.yaml")
        #expect(configuration.warnings.count == 2)
        #expect(configuration.warnings.contains { $0.contains("line 5") && $0.contains("stor ") })
        #expect(try Configuration(yaml: "", file: "c.yaml") == Configuration())
    }
}
