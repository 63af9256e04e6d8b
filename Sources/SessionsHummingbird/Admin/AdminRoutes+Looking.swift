internal import HTTPTypes
internal import HummingbirdCore
internal import Sessions

extension AdminAPI {
    /// Everything that the API does.
    static let routes = lookingRoutes + changeRoutes + nodeRoutes + orderRoutes

    private static let page = [
        AdminRoute.Parameter.query("after", "where the page before ended; left out: the beginning"),
        .query("limit", "at most so many, and at most 1000"),
    ]

    private static let moment = AdminRoute.Parameter.query("at", "a moment in RFC 3339; left out: now")

    private static let lookingRoutes = [
        AdminRoute(
            method: .get, path: "/v1/sessions", summary: "A page of all sessions, ended ones too, without payloads",
            parameters: page
        ) { call in
            let cursor = try call.query["after"].map { RowCursor(mark: try JSONFields.bytes(base64url: $0, "after")) }
            return .json(try await call.api.directory.rows(after: cursor, limit: try call.limit()).json)
        },
        AdminRoute(
            method: .get, path: "/v1/sessions/{id}", summary: "One session with its payload as stored, or null",
            parameters: [.path("id", "the session's hash, 64 hexadecimal digits")]
        ) { call in
            guard let id = IDHash(hexadecimal: try call.text("id")) else { throw JSONFields.malformed("id") }
            return .json(["session": try await call.api.directory.detail(id)?.json ?? .null])
        },
        AdminRoute(
            method: .get, path: "/v1/handles/{prefix}", summary: "The sessions whose handle begins so",
            parameters: [.path("prefix", "6 to 64 hexadecimal digits"), .query("limit", "at most so many")]
        ) { call in
            guard let prefix = HandlePrefix(try call.text("prefix")) else { throw JSONFields.malformed("prefix") }
            return .json(Self.list(try await call.api.directory.find(prefix, limit: try call.limit())))
        },
        AdminRoute(
            method: .get, path: "/v1/user-sessions", summary: "The live sessions of one user",
            parameters: [.query("user", "the user, by exact bytes"), moment]
        ) { call in
            let (directory, now) = (call.api.directory, try call.moment())
            return .json(Self.list(try await directory.sessions(ofUser: try call.text("user"), at: now)))
        },
        AdminRoute(
            method: .get, path: "/v1/users", summary: "The users with live sessions, those with the most first",
            parameters: [.query("limit", "at most so many, and at most 1000"), moment]
        ) { call in
            let tally = try await call.api.tally(at: try call.moment())
            let users = tally.largest(try call.limit()).map { JSONValue.object($0) }
            return .json(["users": .array(users), "count": .integer(tally.userCount)])
        },
        AdminRoute(
            method: .get, path: "/v1/statistics", summary: "Counts over the whole store",
            parameters: [
                .query("digests", "yes: with eight bytes of the hash of each user, to count users over several nodes"),
                moment,
            ]
        ) { call in
            let now = try call.moment()
            let statistics = try await call.api.directory.statistics(at: now)
            let isCounting = call.query["digests"] == "yes"
            let digests = isCounting ? Base64URL.encode(try await call.api.tally(at: now).digests) : nil
            return .json(["statistics": statistics.json, "userDigests": .text(digests)])
        },
        AdminRoute(
            method: .get, path: "/v1/audit", summary: "The audit log's entries after a number",
            parameters: [.query("after", "a number; left out: from the first"), .query("limit", "at most so many")]
        ) { call in
            let entries = try await call.api.directory.audit(
                after: try call.number("after") ?? 0, limit: try call.limit())
            return .json(["entries": .array(entries.map(\.json))])
        },
    ]

    private static func list(_ ids: [IDHash]) -> JSONValue {
        ["sessions": .array(ids.map { .string($0.hexadecimal) })]
    }

    private func tally(at now: Timestamp) async throws -> UserDigests {
        var tally = UserDigests()
        var cursor: RowCursor?
        repeat {
            let page = try await directory.rows(after: cursor, limit: Self.pageLimit)
            for row in page.rows where row.standing(at: now) == .live { tally.add(row.user) }
            cursor = page.next
        } while cursor != nil
        return tally
    }
}

/// The users of a store, counted.
private struct UserDigests {
    private var sessions: [[UInt8]: Int] = [:]

    var userCount: Int { sessions.count }

    mutating func add(_ user: String?) {
        if let user { sessions[Array(user.utf8), default: 0] += 1 }
    }

    /// Eight bytes of each user's hash: enough to tell users of several nodes apart, and no names.
    var digests: [UInt8] { sessions.keys.flatMap { IDHash(hashing: $0).bytes.prefix(8) } }

    func largest(_ limit: Int) -> [[JSONValue.Member]] {
        let ranked = sessions.sorted { a, b in
            a.value == b.value ? a.key.lexicographicallyPrecedes(b.key) : a.value > b.value
        }
        return ranked.prefix(limit).map { user, count in
            [.init("user", .string(String(decoding: user, as: UTF8.self))), .init("sessions", .integer(count))]
        }
    }
}
