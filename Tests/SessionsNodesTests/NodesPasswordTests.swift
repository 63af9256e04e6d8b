import SessionTesting
import Sessions
import SessionsHummingbird
import SessionsNodes
import Testing

@testable import sessiontop

@Suite("The nodes' token")
struct NodesPasswordTests {
    @Test("It is what the context's passwordCommand says; with another the nodes refuse")
    func command() async throws {
        let text = "a-token-of-thirty-characters-x"
        let token = try AdminToken(text)
        let fleet = try AdminFleet()
        do {
            let member = try await fleet.start("web-01") { $0.token = token }
            let url = try #require(StoreURL("\(member.address)"))
            func access(_ line: String) -> StoreAccess {
                StoreAccess(
                    isReadOnly: true, layout: nil, time: .system, variable: { _ in nil },
                    passwordCommand: PasswordCommand(line: line, context: "shop"))
            }
            let directory = try await NodesDirectory.attach(url, access("echo \(text)"))
            #expect(try await directory.nodes().map(\.id) == ["web-01"])
            await #expect(throws: SessionsError.self) {
                _ = try await NodesDirectory.attach(url, access("echo another"))
            }
        } catch {
            await fleet.stop()
            throw error
        }
        await fleet.stop()
    }
}
