internal import Sessions

/// A walk over all keys that match a pattern, with SCAN: in pieces, server by server, never all at once.
///
/// SCAN gives as many as it likes: what is over is kept, and stands in the mark, so that a walk can go on elsewhere.
struct KeyWalk: Sendable {
    /// So many keys the server looks at for each piece: more would keep others waiting.
    private static let effort = 1000

    private let pattern: String
    private var server = 0
    private var cursor: [UInt8]? = Array("0".utf8)
    private var rest: ArraySlice<[UInt8]> = []

    init(pattern: String) { self.pattern = pattern }

    /// Goes on where another walk ended.
    ///
    /// - Throws: `SessionsError` with `usage` for a mark that is none.
    init(pattern: String, mark: [UInt8]) throws {
        self.pattern = pattern
        var reader = MarkReader(bytes: mark)
        guard let server = reader.number(), let cursor = reader.part() else { throw Self.noMark }
        self.server = server
        self.cursor = cursor.isEmpty ? nil : cursor
        var rest: [[UInt8]] = []
        while !reader.isAtEnd {
            guard let key = reader.part() else { throw Self.noMark }
            rest.append(key)
        }
        self.rest = rest[...]
    }

    /// Whether all keys have been told.
    var isAtEnd: Bool { cursor == nil && rest.isEmpty }

    /// Where it stands; `nil`: at its end.
    var mark: [UInt8]? {
        guard !isAtEnd else { return nil }
        var bytes: [UInt8] = []
        Self.append(server, to: &bytes)
        for part in [cursor ?? []] + rest {
            Self.append(part.count, to: &bytes)
            bytes += part
        }
        return bytes
    }

    /// The next keys: at most so many, at least one before the end.
    mutating func next(_ limit: Int, through executor: any RedisExecutor) async throws -> [[UInt8]] {
        let servers = try await executor.servers()
        while rest.isEmpty, cursor != nil {
            try Task.checkCancellation()
            try await scan(servers)
        }
        defer { rest = rest.dropFirst(limit) }
        return Array(rest.prefix(limit))
    }

    private mutating func scan(_ servers: [any RedisExecutor]) async throws {
        guard let from = cursor, servers.indices.contains(server) else { return cursor = nil }
        let words: [[UInt8]] = [
            .word("SCAN"), from, .word("MATCH"), .word(pattern), .word("COUNT"), .word("\(Self.effort)"),
        ]
        let reply = try await servers[server].send(RedisCommand(words: words))
        guard let parts = reply.elements, parts.count == 2, let next = parts[0].bytes, let keys = parts[1].elements
        else {
            throw SessionsError(.unavailable, "the server's answer to SCAN can't be read: look at what stands there")
        }
        // A key that comes twice in one piece is told once.
        var seen: Set<[UInt8]> = []
        rest = keys.compactMap(\.bytes).filter { seen.insert($0).inserted }[...]
        guard next == Array("0".utf8) else { return cursor = next }
        server += 1
        cursor = server < servers.count ? Array("0".utf8) : nil
    }

    private static var noMark: SessionsError { SessionsError(.usage, "the mark of a page is none of this store's") }

    private static func append(_ number: Int, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: UInt32(clamping: number).bigEndian) { bytes.append(contentsOf: $0) }
    }
}

/// Reads a mark.
private struct MarkReader {
    let bytes: [UInt8]
    private var index = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { index == bytes.count }

    mutating func number() -> Int? {
        guard index + 4 <= bytes.count else { return nil }
        defer { index += 4 }
        return bytes[index..<index + 4].reduce(0) { $0 << 8 | Int($1) }
    }

    mutating func part() -> [UInt8]? {
        guard let count = number(), index + count <= bytes.count else { return nil }
        defer { index += count }
        return Array(bytes[index..<index + count])
    }
}
