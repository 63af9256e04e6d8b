internal import Sessions

/// Spring Session's sessions in Redis: each a hash, about which the indexed repository keeps more keys.
public struct SpringPlace: Sendable, Equatable {
    /// Whether it is the indexed repository, which waits for a second key's end and keeps sets of sessions.
    public let isIndexed: Bool

    /// Where the hashes lie: the application may choose what stands before.
    static let keys = KeyPlace(.endingIn(":sessions:"), .uuid)
    /// The fields without which Spring can't load a session.
    static let (created, seen, interval) = ("creationTime", "lastAccessedTime", "maxInactiveInterval")
    /// What stands before the name of an attribute.
    static let attribute = "sessionAttr:"
    /// The attribute that an application names the user in.
    static let principal = "org.springframework.session.FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME"
    /// The attribute that Spring Security keeps who has signed in in.
    static let security = "SPRING_SECURITY_CONTEXT"

    /// The fields that may name the user.
    static let naming = [attribute + principal, attribute + security]

    /// The fields that a list reads; it doesn't need the others.
    public static let listed = [created, seen, interval] + naming

    /// The pattern that the keys of all sets of users' sessions match.
    public static let usersGlob = "*:index:\(principal):*"

    /// The key whose end the indexed repository waits for.
    ///
    /// - Parameter key: the hash's.
    /// - Returns: the key; `nil`: the hash is none of a session.
    public static func shadow(ofKey key: [UInt8]) -> [UInt8]? { SpringKeys(hash: key)?.shadow }
}

/// The keys that know of one session.
struct SpringKeys {
    let hash: [UInt8]
    let id: ArraySlice<UInt8>
    /// What the application chose to stand before every key.
    let namespace: ArraySlice<UInt8>

    init?(hash: [UInt8]) {
        guard let id = SpringPlace.keys.id(of: hash) else { return nil }
        self.hash = hash
        self.id = id
        namespace = hash.dropLast(id.count + ":sessions:".utf8.count)
    }

    /// Its end says that the session's has come.
    var shadow: [UInt8] { named(":sessions:expires:") + id }
    /// Every session by its end, where the application chose that over a set for each minute.
    var sorted: [UInt8] { named(":sessions:expirations") }
    /// What stands before the minute in the keys of those sets.
    var minutes: [UInt8] { named(":expirations:") }
    /// The sets that the session is in, where the repository is the reactive one.
    var reverse: [UInt8] { hash + Array(":idx".utf8) }
    /// What stands before the names of those sets.
    var reactiveSets: [UInt8] { named(":sessions:index:") }

    /// What stands before the name in the key of the set of a user's sessions.
    var users: [UInt8] { named(":index:\(SpringPlace.principal):") }
    /// The set of a user's sessions.
    func sessions(of user: String) -> [UInt8] { users + Array(user.utf8) }
    /// The same, where the repository is the reactive one.
    func reactiveSessions(of user: String) -> [UInt8] {
        reactiveSets + Array("PRINCIPAL_NAME_INDEX_NAME:\(user)".utf8)
    }

    /// The hash of the session that a member of such a set stands for; `nil`: that can't be read.
    func hash(ofMember member: [UInt8]) -> [UInt8]? {
        guard case .string(let id)? = try? SpringValue.encoding.decode(member) else { return nil }
        return named(":sessions:\(id)")
    }

    /// The set of the sessions that end in the minute before a moment's next one.
    func minute(of moment: Timestamp) -> [UInt8] {
        let minute = (moment.milliseconds / 60_000 &+ 1).multipliedReportingOverflow(by: 60_000).partialValue
        return minutes + Array("\(minute)".utf8)
    }

    private func named(_ rest: String) -> [UInt8] { namespace + Array(rest.utf8) }
}
