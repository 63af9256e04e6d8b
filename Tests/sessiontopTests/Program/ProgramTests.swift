import Foundation
import Sessions
import Subprocess
import Testing

@testable import sessiontop

/// The executable as it is built, run as a process.
@Suite("The program")
struct ProgramTests {
    let shop: CommandShop

    init() throws { shop = try CommandShop() }

    private struct Ended {
        var status: Int32
        var output: String
        var errors: String
    }

    /// Where the tests are, the program is, too.
    private static let program: URL = {
        let tests = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        var folder = URL(fileURLWithPath: tests).deletingLastPathComponent()
        while !FileManager.default.isExecutableFile(atPath: folder.appendingPathComponent("sessiontop").path),
            folder.path != "/"
        { folder.deleteLastPathComponent() }
        return folder.appendingPathComponent("sessiontop")
    }()

    /// Runs a line of shell in which `$S` is the program and `$U` the store.
    private func shell(_ line: String) async throws -> Ended {
        let environment: [Environment.Key: String] = [
            "S": Self.program.path, "U": shop.url, "PATH": "/usr/bin:/bin", "HOME": shop.folder.path,
            "SESSIONTOP_ACTOR": "mira@desk",
        ]
        let ended = try await Subprocess.run(
            .name("sh"), arguments: ["-c", line], environment: .custom(environment),
            output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        guard case .exited(let status) = ended.terminationStatus else { throw Killed(status: ended.terminationStatus) }
        return Ended(status: status, output: ended.standardOutput, errors: ended.standardError)
    }

    /// The shell was ended by a signal.
    private struct Killed: Error { let status: TerminationStatus }

    @Test(
        "It ends with the status of the contract",
        arguments: [
            ("list $U", 0), ("list $U --filter 'ttl<'", 64), ("list", 64), ("list $U --format xml", 64),
            ("list sqlite:/nowhere", 69),
            ("list haproxy:/x.sock", 69), ("inspect $U zzz", 64),
            ("inspect $U 0123456789ab", 1),
            ("revoke $U --all --yes", 77),
            ("revoke $U 0123456789ab --yes", 1), ("revoke $U --all --reason x", 77), ("users $U", 0), ("stats $U", 0),
            ("layouts", 0),
            ("frobnicate", 64), ("list --help", 0), ("demo --read-only --headless 1", 77),
            ("demo --read-only --store $U", 77), ("token issue --key /nowhere/k --claim 'sub=\"a\"'", 64),
            ("token issue --key /nowhere/k --encrypt-to /nowhere/e", 64), ("token rotate /nowhere/k", 64),
            ("token jwks /nowhere/k", 64), ("token verify --keys /nowhere/k --issuer i --audience a t", 64),
            ("token inspect --keys /nowhere/k t", 64), ("demo --headless 1 --store sqlite:/nowhere/x.db", 69),
        ])
    func status(arguments: String, status: Int32) async throws {
        let ended = try await shell("\"$S\" \(arguments)")
        #expect(ended.status == status, "\(ended.errors)")
        if status > 1 { #expect(ended.output.isEmpty && !ended.errors.isEmpty) }
    }

    @Test("Alone it says how to begin")
    func alone() async throws {
        let ended = try await shell("\"$S\"")
        #expect(ended.status == 64 && ended.errors.contains("sessiontop demo") && ended.output.isEmpty)
    }

    @Test(
        "A mistyped command is called so, whatever follows it",
        arguments: [
            ("lst $U", "no such command or store: lst: did you mean list?"),
            ("lst $U --limit 3", "no such command or store: lst: did you mean list?"),
            ("ls", "no such command or store: ls: did you mean list?"),
            ("shop.db x", "no such command or store: shop.db: write a store as sqlite:PATH; see --help"),
            ("prod $U", "no such command or store: prod: write a store as sqlite:PATH; see --help"),
        ])
    func mistyped(arguments: String, words: String) async throws {
        let ended = try await shell("\"$S\" \(arguments)")
        #expect(ended.status == 64 && ended.output.isEmpty && ended.errors == "sessiontop: \(words)\n", "\(ended)")
    }

    @Test("What is wrong with a command, a store or a context is told as that")
    func known() async throws {
        let folder = shop.folder.appendingPathComponent(".config/sessiontop")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let contexts = "contexts: {prod: {store: 'sqlite:/nowhere/x.db'}}"
        try contexts.write(to: folder.appendingPathComponent("config.yaml"), atomically: true, encoding: .utf8)
        for arguments in ["list $U --nonsense", "$U x", "prod x"] {
            let ended = try await shell("\"$S\" \(arguments)")
            #expect(ended.status == 64 && !ended.errors.contains("no such command"), "\(arguments): \(ended)")
        }
        let help = try await shell("\"$S\" lst --help")
        #expect(help.status == 0 && help.errors.isEmpty)
        #expect(try await shell("\"$S\" prd x").errors.contains("did you mean prod?"))
    }

    @Test("It tells its version, before and behind a command's name", arguments: ["--version", "list --version"])
    func version(arguments: String) async throws {
        let ended = try await shell("\"$S\" \(arguments)")
        #expect(ended.status == 0 && ended.output == "\(SessionTop.version)\n" && ended.errors.isEmpty, "\(ended)")
        #expect(SessionTop.version.split(separator: ".").compactMap { Int($0) }.count == 3)
    }

    @Test("Themes and layouts have a line each, also those of the user, and those that can't be used")
    func themes() async throws {
        let folder = shop.folder.appendingPathComponent(".config/sessiontop/themes")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try "appearance: light".write(to: folder.appendingPathComponent("mine.yaml"), atomically: true, encoding: .utf8)
        try "[".write(to: folder.appendingPathComponent("broken.yaml"), atomically: true, encoding: .utf8)
        let lines = try await shell("\"$S\" themes").output.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("default ") && $0.hasSuffix("built in") })
        #expect(lines.contains { $0.hasPrefix("mine ") && $0.hasSuffix("mine.yaml") })
        #expect(lines.contains { $0.hasPrefix("broken ") && $0.contains("unusable") })
        #expect(try await shell("\"$S\" layouts").output.hasPrefix("native "))
    }

    @Test("Without standard input, output and errors nothing is written into the store by mistake")
    func closedDescriptors() async throws {
        let id = try await shop.signIn("alice", idle: nil, absolute: .seconds(1_000_000_000))
        let ended = try await shell(
            """
            "$S" revoke $U \(id.handle) --yes --reason x --no-wait <&- >&- 2>&- && head -c 15 "$HOME/shop.db" && echo
            "$S" list $U --format json --filter state:revoked
            """)
        let lines = ended.output.split(separator: "\n")
        #expect(ended.status == 0 && lines.count == 2 && lines.first == "SQLite format 3", "\(ended)")
        #expect(lines.last?.hasPrefix("{\"handle\":\"\(id.handle)\"") == true)
    }

    @Test("A reader that goes away ends it in silence")
    func brokenPipe() async throws {
        for index in 0..<3000 { try await shop.signIn("user\(index)", absolute: .seconds(1_000_000_000)) }
        let ended = try await shell(
            "{ \"$S\" list $U --format json --filter 'state:*'; echo $? >\"$HOME/status\"; } | head -n 1")
        #expect(ended.output.split(separator: "\n").count == 1 && ended.errors.isEmpty)
        let status = try String(contentsOf: shop.folder.appendingPathComponent("status"), encoding: .utf8)
        #expect(status == "0\n")
    }

    @Test("Results go to standard output, notes and errors to standard error")
    func streams() async throws {
        let id = try await shop.signIn("alice", idle: nil, absolute: .seconds(1_000_000_000))
        let ended = try await shell(
            "\"$S\" revoke $U \(id.handle) \(id.handle) ffffffffffff --yes --reason x --no-wait")
        #expect(ended.status == 1)
        #expect(ended.output.split(separator: "\n").allSatisfy { $0.hasPrefix("{") && $0.hasSuffix("}") })
        #expect(ended.errors.hasPrefix("Durable."))
    }

    private static let smallDemo = "demo --nodes 1 --users 5 --rate 20"

    @Test("A demo that is interrupted tells how it went until then", arguments: ["INT", "TERM"])
    func interruptedDemo(signal: String) async throws {
        let ended = try await shell(
            """
            "$S" \(Self.smallDemo) --headless 60 2>"$HOME/notes" & child=$!
            until grep -q nodes: "$HOME/notes" 2>/dev/null; do sleep 0.05; done
            sleep 0.3; kill -\(signal) $child; wait $child
            """)
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(ended.output.hasPrefix("{\"requests\":") && ended.output.hasSuffix("}\n"))
    }

    @Test(
        "A demo whose summary can't be written says so",
        .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "there is no /dev/full here"))
    func fullDisk() async throws {
        let ended = try await shell("\"$S\" \(Self.smallDemo) --headless 0.2 >/dev/full")
        #expect(ended.status == 1 && ended.errors.contains("could not be written"), "\(ended.errors)")
    }

    @Test("watch ends with 0 when it is interrupted", arguments: ["INT", "TERM"])
    func interrupt(signal: String) async throws {
        let ended = try await shell(
            """
            "$S" watch $U 2>"$HOME/notes" & child=$!
            until grep -q Watching "$HOME/notes" 2>/dev/null; do sleep 0.05; done
            kill -\(signal) $child; wait $child
            """)
        #expect(ended.status == 0, "\(ended.errors)")
    }
}
