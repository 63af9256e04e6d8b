import Sessions
import SessionTesting
import HTTPTypes
import Testing

@testable import SessionsHummingbird

@Suite("The description of a node's admin API")
struct AdminDescriptionTests {
    @Test("It is served, it is OpenAPI 3.1, and it names every route with its parameters")
    func describes() async throws {
        let fleet = try AdminFleet()
        let node = try await fleet.start("web-01")
        let answer = try await Curl.send("GET", "\(node.address)/openapi.json")
        await fleet.stop()
        let described = try #require(JSONValue(parsing: Array(answer.body.utf8)))
        #expect(described["openapi"] == "3.1.0")
        let paths = try #require(described["paths"])
        for route in AdminAPI.routes {
            let operation = try #require(
                paths[route.path]?[route.method.rawValue.lowercased()], "\(route.method) \(route.path)")
            #expect(operation["responses"]?["200"] != nil && operation["summary"] != nil)
            let inPath = route.path.split(separator: "/").filter { $0.hasPrefix("{") }
            let declared = route.parameters.filter { $0.place == "path" }.map { "{\($0.name)}" }
            #expect(inPath.map(String.init) == declared, "\(route.path)")
            #expect((operation["requestBody"] != nil) == !route.body.isEmpty)
        }
        guard case .object(let members) = paths else { return #expect(Bool(false)) }
        #expect(Set(members.map(\.name)) == Set(AdminAPI.routes.map(\.path)))
    }

    @Test("What changes something is never a GET, and every order is refused where nothing may be changed")
    func methods() {
        for route in AdminAPI.routes { #expect(route.changes == (route.method != .get), "\(route.path)") }
    }

    @Test("Changes are told as they come, a line of JSON each")
    func events() async throws {
        let fleet = try AdminFleet()
        let node = try await fleet.start("web-01")
        async let stream = Curl.send("GET", "\(node.address)/v1/events?after=0", ["-N", "-m", "15"])
        let made = try await node.node.begin(user: "alice")
        let text = try await stream.body
        await fleet.stop()
        let lines = text.split(separator: "\n").compactMap { JSONValue(parsing: Array($0.utf8)) }
        let ids = lines.compactMap { try? RowChanges(json: $0, limit: 10) }.flatMap(\.rows).map(\.id)
        #expect(ids == [made.id.hash])
    }
}
