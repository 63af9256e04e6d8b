public import Sessions
import Testing

/// What every directory of another framework's sessions keeps to, whatever they lie in: run over a fixture's sessions.
public struct LayoutConformance: Sendable {
    /// When the fixtures were written: the clock stands still there.
    public static let written = Timestamp(milliseconds: 1_795_455_990_000)
    /// That clock, beside real waits.
    public static let time = TimeSource(
        wall: { written }, monotonic: TimeSource.system.monotonic, sleep: TimeSource.system.sleep)
    /// An order of a test.
    public static let order = Order(actor: "test", reason: nil, at: written)

    private let layout: String
    private let expected: [LayoutFixture.Expected]

    /// Makes the suite for a fixture.
    ///
    /// - Parameters:
    ///   - layout: the name of its layout.
    ///   - expected: the sessions that the store shows, those that have expired among them.
    public init(_ layout: String, _ expected: [LayoutFixture.Expected]) {
        self.layout = layout
        self.expected = expected
    }

    /// The layout was found out; pages of any size tell each session once; each is found, decoded and counted.
    ///
    /// - Parameters:
    ///   - directory: what is looked at.
    ///   - isSealed: payloads can't be decoded, since the application encrypts them.
    /// - Throws: what the directory throws.
    public func checkLooking(_ directory: any SessionDirectory, isSealed: Bool = false) async throws {
        #expect(directory.description.layout == layout)
        for size in [1, 7, 1000] { try await checkPages(of: size, directory) }
        let one = try #require(expected.first { $0.user != nil })
        let prefix = try #require(HandlePrefix("\(one.id.handle)"))
        #expect(try await directory.find(prefix, limit: 2) == [one.id])
        let detail = try #require(try await directory.detail(one.id))
        #expect((detail.decoded?.data == nil) == isSealed)
        #expect(try await directory.detail(IDHash(hashing: [1])) == nil)
        let user = try #require(one.user)
        let live = try await directory.sessions(ofUser: user, at: Self.written)
        #expect(Set(live) == Set(expected.filter { $0.user == user }.map(\.id)))
        let counts = try await directory.statistics(at: Self.written)
        let known = expected.filter { $0.label != "expired" }
        #expect(counts.users == Set(known.compactMap(\.user)).count)
        #expect(counts.sessions == known.count && counts.anonymous == known.count { $0.user == nil })
    }

    private func checkPages(of size: Int, _ directory: any SessionDirectory) async throws {
        var rows: [SessionRow] = []
        var cursor: RowCursor?
        repeat {
            let page = try await directory.rows(after: cursor, limit: size)
            #expect(page.rows.count <= size)
            rows += page.rows
            cursor = page.next
        } while cursor != nil
        #expect(Set(rows.map(\.id)) == Set(expected.map(\.id)) && rows.count == expected.count)
        for session in expected {
            #expect(rows.first { $0.id == session.id }?.user == session.user, "\(session.label)")
        }
    }

    /// What was opened to be read can't be changed.
    public func checkReading(_ directory: any SessionDirectory) async throws {
        let one = try #require(expected.first)
        #expect(!directory.capabilities.revoke.isPossible && !directory.capabilities.extend.isPossible)
        await #expect(throws: SessionsError.self) {
            try await directory.revoke(.sessions([one.id]), order: Self.order)
        }
        await #expect(throws: SessionsError.self) {
            try await directory.extend([one.id], to: .by(.seconds(60)), order: Self.order)
        }
        #expect(try await directory.detail(one.id)?.row.state == .live)
    }

    /// One session ends and no other; then those of a user; then all.
    ///
    /// - Parameters:
    ///   - directory: what is changed.
    ///   - keepsRows: the framework keeps the row of a session that has ended, and says so there.
    /// - Throws: what the directory throws.
    public func checkRevoking(_ directory: any SessionDirectory, keepsRows: Bool = false) async throws {
        let first = try #require(expected.first)
        let ids = [first.id, IDHash(hashing: [1])]
        guard directory.capabilities.revoke.isPossible else {
            await #expect(throws: SessionsError.self) {
                try await directory.revoke(.sessions(ids), order: Self.order)
            }
            return
        }
        let receipt = try await directory.revoke(.sessions(ids), order: Self.order)
        #expect(receipt.outcomes.map(\.outcome) == [.revoked, .notFound])
        #expect(receipt.outcomes[0].user == first.user)
        #expect(try await directory.detail(first.id)?.row.state == (keepsRows ? .revoked : nil))
        let again = try await directory.revoke(.sessions([first.id]), order: Self.order)
        #expect(again.outcomes.map(\.outcome) == [keepsRows ? .alreadyRevoked(nil) : .notFound])
        var rest = Set(expected.map(\.id)).subtracting([first.id])
        #expect(try await Self.live(directory) == rest)
        let user = try #require(expected.compactMap(\.user).last { $0 != first.user })
        let others = try await directory.revoke(.user(user), order: Self.order)
        #expect(Set(others.outcomes.map(\.id)) == Set(expected.filter { $0.user == user }.map(\.id)))
        rest.subtract(others.outcomes.map(\.id))
        #expect(try await Self.live(directory) == rest)
        _ = try await directory.revoke(.everyone, order: Self.order)
        #expect(try await directory.statistics(at: Self.written).sessions == 0)
    }

    private static func live(_ directory: any SessionDirectory) async throws -> Set<IDHash> {
        Set(try await directory.rows(after: nil, limit: 1000).rows.filter { $0.state == .live }.map(\.id))
    }
}
