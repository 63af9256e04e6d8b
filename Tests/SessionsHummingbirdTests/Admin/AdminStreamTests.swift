import Testing

@testable import SessionsHummingbird

@Suite("Following the events")
struct AdminStreamTests {
    @Test("A response that is never written gives its place back, and one that may yet be holds it")
    func places() throws {
        let streams = AdminStreams()
        for _ in 0...AdminAPI.streamLimit { _ = try AdminListener.response({ _ in }, streams) }
        var held = try (0..<AdminAPI.streamLimit).map { _ in try AdminListener.response({ _ in }, streams) }
        #expect(throws: AdminFailure.self) { try AdminListener.response({ _ in }, streams) }
        held.removeAll()
        _ = try AdminListener.response({ _ in }, streams)
    }
}
