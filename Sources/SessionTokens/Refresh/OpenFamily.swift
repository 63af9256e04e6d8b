internal import Sessions

/// A family as the store has it, with its payload opened.
struct OpenFamily: Sendable {
    let session: Session
    let standing: SessionState
    let record: FamilyRecord

    func isOf(client: String) -> Bool { session.client.map { $0.hasBytes(of: client) } ?? false }

    /// What callers see of it at a moment.
    func shown(_ record: FamilyRecord, at now: Timestamp) -> RefreshFamily {
        RefreshFamily(
            id: session.id, user: session.user, client: session.client ?? "", tenant: session.tenant,
            epoch: session.epoch, generation: record.latest?.generation ?? 0, asked: now,
            deadlines: session.deadlines, data: record.data)
    }

    func reuse(_ kind: RefreshReuse.Kind, generation: Int?, _ use: RefreshUse) -> RefreshReuse {
        RefreshReuse(
            family: session.id, user: session.user, client: session.client ?? "", kind: kind, generation: generation,
            presented: use, exchanged: record.exchange(of: generation),
            latestGeneration: record.latest?.generation ?? 0, latest: record.latest?.use ?? use)
    }
}

extension RefreshFamilies {
    /// Reads a family; `nil` where there is none, or a session that is none.
    func open(_ id: IDHash, at now: Timestamp) async throws -> OpenFamily? {
        guard let loaded = try await store.load(id, at: now) else { return nil }
        return try record(of: loaded.session).map {
            OpenFamily(session: loaded.session, standing: loaded.standing, record: $0)
        }
    }

    /// What a family's payload holds; `nil` where the session is no family.
    func record(of session: Session) throws -> FamilyRecord? {
        FamilyRecord(bytes: try sealer.open(session.payload, id: session.id, version: session.version))
    }

    /// Whether something that a family was derived from has been revoked.
    ///
    /// One that merely reached a deadline isn't in the way: only what was derived from it is used then.
    func hasEndedAncestor(_ family: OpenFamily, at now: Timestamp) async throws -> Bool {
        for ancestor in family.record.ancestors {
            if try await store.load(ancestor, at: now)?.standing == .revoked { return true }
        }
        return false
    }
}
