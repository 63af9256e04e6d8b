public import Sessions

/// What a sign-out found and did.
public enum SignOutOutcome: Sendable, Equatable {
    /// The family of this identity has ended, now or before.
    case ended(IDHash, Revoked)
    /// It was issued to another client, and lives on.
    case wrongClient
    /// It is no token of ours.
    case unknown
}

extension RefreshFamilies {
    /// Ends the family of a token because its user or its client asked: sign-out.
    ///
    /// Any token of the family will do, an old one too.
    ///
    /// - Parameters:
    ///   - text: from the client, of any form.
    ///   - client: the client application, once it has proved who it is; a token of another's is left alone.
    /// - Returns: what became of the family.
    /// - Throws: ``SessionsError`` with `unavailable` or `busy`: then it may not have ended; say so.
    public func signOut(_ text: some StringProtocol, client: String) async throws -> SignOutOutcome {
        guard let token = RefreshToken(text: text), let family = try await open(token.familyID, at: time.wall()) else {
            return .unknown
        }
        guard family.isOf(client: client) else { return .wrongClient }
        return .ended(family.session.id, try await end(family.session.id, by: "sign-out", reason: nil))
    }

    /// Ends a family and all that were derived from it, for good: one after the other, however many there are.
    ///
    /// - Parameters:
    ///   - id: its identity.
    ///   - by: who does.
    ///   - reason: why.
    /// - Returns: what became of the family itself, and the feed's position after the last of them had ended.
    /// - Throws: ``SessionsError`` with `unavailable` or `busy`: then some may have ended; to ask again is safe.
    public func end(_ id: IDHash, by: String, reason: String?) async throws -> Revoked {
        let now = time.wall()
        var done = try await revoke(id, by: by, reason: reason, at: now)
        var waiting = try await children(of: id, at: now)
        var seen: Set<IDHash> = [id]
        // What was derived after this family had ended undoes itself: see `issue`.
        while let next = waiting.popLast() {
            guard seen.insert(next).inserted else { continue }
            let revoked = try await revoke(next, by: by, reason: "with \(id.handle)", at: now)
            done.position = max(done.position, revoked.position)
            waiting += try await children(of: next, at: now)
        }
        return done
    }

    private func revoke(_ id: IDHash, by: String, reason: String?, at now: Timestamp) async throws -> Revoked {
        let revoked = try await store.revoke(id, by: by, reason: reason, at: now)
        whenEnded(id)
        return revoked
    }

    private func children(of id: IDHash, at now: Timestamp) async throws -> [IDHash] {
        guard let session = try await store.load(id, at: now)?.session else { return [] }
        // A payload that doesn't open names none: each family that was derived from it looks at it by itself.
        return (try? record(of: session))?.children ?? []
    }
}
