public import Sessions

/// A refresh token that was just issued, and its family.
public struct IssuedRefresh: Sendable {
    /// The family.
    public let family: RefreshFamily
    /// Its first token, for the client.
    public let token: RefreshToken
}

extension RefreshFamilies {
    /// Begins a family: at sign-in, once the user has proved who they are.
    ///
    /// - Parameters:
    ///   - user: who signed in; `nil`: the client itself.
    ///   - client: the client application, once it has proved who it is.
    ///   - tenant: the tenant, where there are several.
    ///   - data: the application's own, given back with each exchange; 8 KiB of JSON at most.
    ///   - parent: the family or session that this one is derived from, by token exchange or a step-up: it ends with it, and
    ///     lives no longer. A new sign-in has none.
    ///   - request: who sent the request.
    /// - Returns: the family, and the token for the client.
    /// - Throws: ``SessionsError`` with `refused` where the parent has ended or has too many families already, with `usage`
    ///   where the data are too long, with `unavailable` or `busy`: then nobody is signed in.
    public func issue(
        user: String?, client: String, tenant: String? = nil, data: JSONValue = .null, parent: IDHash? = nil,
        request: RequestInfo = RequestInfo()
    ) async throws -> IssuedRefresh {
        let (token, use) = (RefreshToken(), use(of: request))
        let base = try await parent.asyncMap { try await adopt(token.familyID, by: $0, at: use.at) }
        var record = FamilyRecord(first: token, use: use, ancestors: base?.ancestors ?? [], data: data)
        record.noteAccess(until: accessEnd(at: use.at), at: use.at)
        let plain = record.bytes
        guard plain.count <= RefreshPolicy.longestData + 8192, FamilyRecord(bytes: plain)?.data == data else {
            throw SessionsError(.usage, "a refresh family's data take 8 KiB of plain JSON at most: keep them elsewhere")
        }
        var session = Session(
            id: token.familyID, user: user, tenant: tenant, client: client, created: use.at, lifetime: policy.lifetime)
        session.limit(to: base?.absoluteDeadline)
        (session.ip, session.agent, session.node) = (use.ip, use.agent, touch(session.id, use).node)
        session.payload = try sealer.seal(plain, id: session.id, version: session.version)
        try await store.insert(session)
        return IssuedRefresh(family: try await settled(session.id, parent: parent, use), token: token)
    }

    /// What a new family takes over from the one that it is derived from.
    private struct Base {
        let ancestors: [IDHash]
        let absoluteDeadline: Timestamp?
    }

    /// Enters a new family with its parent, before it is there: whoever ends the parent finds it.
    private func adopt(_ child: IDHash, by parent: IDHash, at now: Timestamp) async throws -> Base {
        while true {
            try Task.checkCancellation()
            guard let loaded = try await store.load(parent, at: now), loaded.standing == .live else { throw gone }
            let session = loaded.session
            // A session of the application: its payload isn't ours, and its end is looked for at each exchange.
            guard let old = try? record(of: session) else {
                return Base(ancestors: [parent], absoluteDeadline: session.deadlines.absolute)
            }
            let record = try await adding(child, to: old, at: now)
            guard record.ancestors.count < RefreshPolicy.mostAncestors else {
                throw SessionsError(.refused, "a family can't be derived so often in a row: sign in again")
            }
            let payload = try sealer.seal(record.bytes, id: parent, version: session.version + 1)
            switch try await store.save(payload, of: parent, replacing: session.version, at: now) {
            case .saved:
                return Base(
                    ancestors: [parent] + record.ancestors, absoluteDeadline: session.deadlines.absolute)
            case .conflict: continue
            case .refused: throw gone
            }
        }
    }

    private func adding(_ child: IDHash, to record: FamilyRecord, at now: Timestamp) async throws -> FamilyRecord {
        var record = record
        if record.children.count >= RefreshPolicy.mostChildren {
            var live: [IDHash] = []
            for id in record.children where try await store.load(id, at: now)?.standing == .live { live.append(id) }
            record.children = live
        }
        guard record.children.count < RefreshPolicy.mostChildren else {
            throw SessionsError(
                .refused, "\(RefreshPolicy.mostChildren) families were derived from one already: end some of them")
        }
        record.children.append(child)
        return record
    }

    /// Reads the new family, unless its parent has ended while it was made.
    private func settled(_ id: IDHash, parent: IDHash?, _ use: RefreshUse) async throws -> RefreshFamily {
        guard let family = try await open(id, at: use.at), family.standing == .live else { throw gone }
        guard try await !hasEndedAncestor(family, at: use.at) else {
            _ = try await end(id, by: Revocation.refreshActor, reason: "what it was derived from has ended")
            throw gone
        }
        return family.shown(family.record, at: use.at)
    }

    private var gone: SessionsError {
        SessionsError(.refused, "what a family was to be derived from has ended: sign in again")
    }
}

extension Session {
    /// Lets it live no longer than until a moment.
    fileprivate mutating func limit(to moment: Timestamp?) {
        guard let moment, let absolute = deadlines.absolute, moment < absolute else { return }
        deadlines = Deadlines(idle: deadlines.idle.map { min($0, moment) }, absolute: moment)
    }
}

extension Optional {
    fileprivate func asyncMap<Result>(_ transform: (Wrapped) async throws -> Result) async throws -> Result? {
        if let self { try await transform(self) } else { nil }
    }
}
