import ProgramTesting
import SessionTesting
import Testing

extension InATerminal {
    /// The program on a balancer with servers of its own.
    @Suite("A person at a balancer")
    struct BalancerJourneyTests {}
}

extension InATerminal.BalancerJourneyTests {
    @Test("Servers are watched, drained, taken out and in, each after a question")
    func servers() async throws {
        let ports = (0..<3).map { _ in FreePort.take() }
        var lines = ["frontend web", "bind 127.0.0.1:\(ports[0])", "default_backend shop", "backend shop"]
        lines += ["stick-table type string len 64 size 100 expire 30m", "stick on req.cook(sid)"]
        for number in 1...2 { lines.append("server web-0\(number) 127.0.0.1:\(ports[number])") }
        for number in 1...2 {
            lines += ["frontend own-\(number)", "bind 127.0.0.1:\(ports[number])"]
            lines.append("http-request return status 200 content-type text/plain string web-0\(number)")
        }
        try await HAProxyServer.with(lines.joined(separator: "\n")) { balancer in
            try await Tool.run("curl", ["-sS", "-H", "Cookie: sid=alice", "http://127.0.0.1:\(ports[0])/"])
            try await RunningProgram.with(columns: 120, rows: 40) { program in
                let terminal = program.terminal
                try await program.start(balancer.url())
                try await terminal.wait("the one session") { $0.contains("Sessions") && $0.contains("web-0") }
                try await terminal.press("4")
                try await terminal.wait("both servers") { $0.contains("● up") && $0.contains("EMPTY IN") }
                try await steer(terminal, "D", question: "Drain web-01 ?", then: "draining")
                try await steer(terminal, "R", question: "Take in web-01 ?", then: "taken it: ready")
                try await terminal.wait(forNo: "draining")
                try await terminal.press("M")
                try await terminal.wait(for: "Take out web-01 ?")
                try await terminal.press("Escape")
                try await terminal.wait(forNo: "Take out web-01 ?")
                #expect(try await !terminal.screen().contains("✗ maint"))
                try await steer(terminal, "M", question: "Take out web-01 ?", then: "✗ maint")
            }
        }
    }

    /// Presses a key, and answers yes to its question.
    private func steer(_ terminal: Tmux, _ key: String, question: String, then state: String) async throws {
        try await terminal.press(key)
        try await terminal.wait(for: question)
        // What is pressed within the first moment is not taken for an answer.
        try await terminal.wait("it listens") { screen in
            guard screen.contains(question) else { return true }
            try await terminal.press("y")
            return false
        }
        try await terminal.wait(for: state)
    }
}
