internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore
internal import Sessions

extension AdminAPI {
    static let changeRoutes = [
        AdminRoute(
            method: .get, path: "/v1/changes/position", summary: "Where the changes stand now"
        ) { call in
            let position = try await call.api.directory.changePosition()
            return .json(["position": .integer(position.value), "process": .time(call.api.node.started)])
        },
        AdminRoute(
            method: .get, path: "/v1/changes", summary: "The sessions that changed since a position",
            parameters: [.query("after", "a position"), .query("limit", "at most so many, and at most 1000")]
        ) { call in
            guard let position = try call.number("after") else { throw JSONFields.malformed("after") }
            let changes = try await call.api.directory.changes(
                after: ChangePosition(position), limit: try call.limit())
            // Another process has other positions.
            return .json(changes.json.with(.init("process", .time(call.api.node.started))))
        },
        AdminRoute(
            method: .get, path: "/v1/events",
            summary: "The changes as they come: a JSON object a line, the same as of /v1/changes",
            parameters: [.query("after", "a position; left out: from now on")]
        ) { call in
            let directory = call.api.directory
            let from = try call.number("after").map { ChangePosition($0) }
            let start = if let from { from } else { try await directory.changePosition() }
            return .stream { writer in try await call.api.follow(from: start, into: &writer) }
        },
    ]

    /// Writes changes until the connection ends.
    private func follow(from start: ChangePosition, into writer: inout any ResponseBodyWriter) async throws {
        var position = start
        var lastWord = time.monotonic()
        while true {
            let changes = try await directory.changes(after: position, limit: Self.pageLimit)
            position = changes.position
            let isNews = !changes.rows.isEmpty || !changes.removed.isEmpty || changes.mustReload
            if isNews || time.monotonic() - lastWord >= Self.streamSilence {
                lastWord = time.monotonic()
                try await writer.write(Self.line(isNews ? changes.json : .object([])))
            }
            if !changes.hasMore { try await time.sleep(time.monotonic() + Self.streamInterval) }
        }
    }

    private static func line(_ value: JSONValue) -> ByteBuffer {
        var bytes: [UInt8] = []
        value.write(to: &bytes)
        return ByteBuffer(bytes: bytes + [UInt8(ascii: "\n")])
    }
}

extension JSONValue {
    /// The object with another member.
    fileprivate func with(_ member: Member) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members + [member])
    }
}
