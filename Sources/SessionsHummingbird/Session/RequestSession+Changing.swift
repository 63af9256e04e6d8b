internal import Hummingbird
internal import Sessions

extension RequestSession {
    /// The most attempts at a change, unless told otherwise.
    public static var mostAttempts: Int { 8 }

    /// Changes the application's state, by a rule that can be tried again.
    ///
    /// The rule is applied to the state as it is now; where somebody else saves meanwhile, it is applied to theirs. So it
    /// says what is to change (`$0.items["tea", default: 0] += 1`), and concurrent requests of one session lose nothing.
    /// Where the bytes stay the same, nothing is written. Where there is no session and something changes, one begins.
    ///
    /// - Parameters:
    ///   - attempts: after so many conflicts it is given up.
    ///   - change: the rule; it may run several times, and must do nothing else.
    /// - Returns: what the rule returned the last time.
    /// - Throws: `SessionsError` with `saveConflict` after the last attempt, with `sessionEnded` where the session has
    ///   ended, with `unavailable` or `busy` where the store gave no answer; and what the rule throws, with nothing written.
    @discardableResult
    public nonisolated(nonsending) func update<Result>(
        attempts: Int = mostAttempts, _ change: (inout Payload) throws -> Result
    ) async throws -> Result {
        let core = try mounted()
        guard let id = core.live?.served.id else { return try await begin(with: change) }
        let turn = await core.desk.lanes.enter(id)
        guard turn != .refused else {
            throw SessionsError(.busy, "too many requests of one session at once: try again")
        }
        do {
            if turn != .first, let version = core.live?.served.version { try await core.reload(.seen(version)) }
            let result = try await tryUpdate(attempts, change)
            core.desk.lanes.leave(id, turn, failed: false)
            return result
        } catch {
            let isLost = (error as? SessionsError).map { $0.status == .serviceUnavailable } ?? false
            core.desk.lanes.leave(id, turn, failed: isLost)
            throw error
        }
    }

    private nonisolated(nonsending) func tryUpdate<Result>(
        _ attempts: Int, _ change: (inout Payload) throws -> Result
    ) async throws -> Result {
        for _ in 0..<max(1, attempts) {
            var payload = try payload
            let result = try change(&payload)
            if try await save(payload) != .conflict { return result }
        }
        throw SessionsError(.saveConflict, "the session was changed elsewhere at every attempt: try again")
    }

    private nonisolated(nonsending) func begin<Result>(
        with change: (inout Payload) throws -> Result
    ) async throws -> Result {
        var payload = Payload()
        let before = try Self.bytes(payload)
        let result = try change(&payload)
        if try Self.bytes(payload) != before { try await begin(payload) }
        return result
    }

    /// Saves the application's state, if nobody saved since it was read.
    ///
    /// - Parameter payload: the whole new state.
    /// - Returns: what became of it; after a conflict ``payload`` is the newer state.
    /// - Throws: `SessionsError` with `sessionEnded` where there is no session any more, with `unavailable` or `busy`
    ///   where the store gave no answer: then nobody knows.
    public func save(_ payload: Payload) async throws -> SaveResult {
        let core = try mounted()
        return try await core.save(try Self.bytes(payload))
    }

    /// Begins an anonymous visitor's session.
    ///
    /// - Throws: `SessionsError` with `unavailable` or `busy` where the store gave no answer.
    public func begin(_ payload: Payload = Payload()) async throws {
        let core = try mounted()
        try await core.begin(try Self.bytes(payload))
    }

    /// Signs somebody in: **under a new id**, while the visitor's session so far ends in the same step.
    ///
    /// Whatever id the client came with is of no use afterwards, and one that we didn't issue is never taken: that is what
    /// defeats session fixation.
    ///
    /// - Parameters:
    ///   - user: who has proved who they are.
    ///   - tenant: the tenant, where there are several.
    ///   - client: the client application, where there are several.
    ///   - payload: the state to begin with; nothing is taken over from the visitor unless it is passed here.
    /// - Throws: `SessionsError` with `unavailable` or `busy`: then nobody is signed in.
    public func signIn(
        _ user: String, tenant: String? = nil, client: String? = nil, payload: Payload = Payload()
    ) async throws {
        let core = try mounted()
        try await core.signIn(user, tenant: tenant, client: client, try Self.bytes(payload))
    }

    /// Gives the session a new id: at each change of privilege, and when its user has proved again who they are.
    ///
    /// - Parameter reauthenticated: whether they have; then both deadlines begin anew.
    /// - Throws: `SessionsError` with `sessionEnded` where the session isn't live, with `unavailable` or `busy`.
    public func renew(reauthenticated: Bool = false) async throws {
        try await mounted().renew(reauthenticated: reauthenticated)
    }

    /// Signs out: the session ends on the server, then the cookie is removed and `Clear-Site-Data` is sent.
    ///
    /// - Throws: `SessionsError` with `unavailable` or `busy`: then nobody is signed out, and the cookie stays.
    public func signOut() async throws { try await mounted().signOut() }

    /// Signs the user out on every device: whatever was issued to them before now is refused.
    ///
    /// - Parameter reason: why, for the record.
    /// - Throws: `SessionsError` with `notSignedIn` where nobody is, with `unavailable` or `busy` as ``signOut()``.
    public func signOutEverywhere(reason: String? = nil) async throws {
        try await mounted().signOutEverywhere(reason: reason)
    }
}
