internal import Sessions

/// What a family's payload holds: which token is the current one, who was given the ones before, and whose the family is.
///
/// A value. All rules about rotation and reuse are in ``decide(on:salt:grace:use:)``, which the test suite runs in every
/// interleaving of clients and thieves.
struct FamilyRecord: Sendable, Equatable {
    /// A token that was given out.
    struct Branch: Sendable, Equatable {
        /// Its number; the first is 1.
        let generation: Int
        /// The first 64 bits of its hash.
        let mark: UInt64
        /// Who was given it.
        let use: RefreshUse
        /// What it was derived from the token before it with; empty where that was too long ago to be asked for again.
        var salt: [UInt8]
    }

    /// The hash of the token that is good now.
    private(set) var current: IDHash
    /// The last tokens that were given out, the oldest first; the last is the current one.
    private(set) var branches: [Branch]
    /// The families, or sessions, that this one ends with, the nearest first.
    let ancestors: [IDHash]
    /// The families that end with this one.
    var children: [IDHash] = []
    /// The access tokens that were issued with its tokens, as far as anybody accepts them.
    private(set) var exposure = TokenExposure()
    /// The application's own, given back with each exchange.
    let data: JSONValue

    /// The record of a new family.
    init(first token: RefreshToken, use: RefreshUse, ancestors: [IDHash] = [], data: JSONValue = .null) {
        current = token.hash
        branches = [Branch(generation: 1, mark: token.hash.leadingBits, use: use, salt: [])]
        self.ancestors = ancestors
        self.data = data
    }

    /// Puts together what was read; `nil` where that is no record.
    init?(
        current: IDHash, branches: [Branch], ancestors: [IDHash], children: [IDHash], exposure: TokenExposure,
        data: JSONValue
    ) {
        guard let last = branches.last, last.mark == current.leadingBits else { return nil }
        self.current = current
        self.branches = branches
        self.ancestors = ancestors
        self.children = children
        self.exposure = exposure
        self.data = data
    }

    /// Notes that an access token goes out with a token of the family.
    ///
    /// - Parameters:
    ///   - end: its `exp`; `nil`: none goes out.
    ///   - now: the moment.
    mutating func noteAccess(until end: Timestamp?, at now: Timestamp) {
        guard let end else { return }
        exposure.add(expiring: end)
        exposure.tidy(at: now)
    }

    /// The number of the current token, and who was given it.
    var latest: (generation: Int, use: RefreshUse)? { branches.last.map { ($0.generation, $0.use) } }
}

extension FamilyRecord {
    /// What to do about a token that was presented.
    enum Decision: Sendable, Equatable {
        /// It is the current one: save the record, and then give out its successor.
        case rotate(FamilyRecord, successor: IDHash)
        /// It was exchanged just now: give out the token that it led to again.
        case answerAgain(successor: IDHash)
        /// It was exchanged before: end the family.
        case end(RefreshReuse.Kind, generation: Int?)
    }

    /// Decides about a token that was presented.
    ///
    /// - Parameters:
    ///   - token: of this family.
    ///   - newSalt: random, for the successor where there is to be one.
    ///   - grace: how long after its exchange a token is answered again.
    ///   - use: when and from where it was presented.
    /// - Returns: what to do; and the successor to give out, where there is one.
    func decide(
        on token: RefreshToken, salt newSalt: [UInt8], grace: Duration, use: RefreshUse
    ) -> (decision: Decision, successor: RefreshToken?) {
        let hash = token.hash
        if hash == current {
            let successor = token.successor(salt: newSalt)
            let record = rotated(to: successor, salt: newSalt, grace: grace, use)
            return (.rotate(record, successor: successor.hash), successor)
        }
        guard let place = branches.firstIndex(where: { $0.mark == hash.leadingBits }), place < branches.count - 1 else {
            return (.end(.unknown, generation: nil), nil)
        }
        let away = branches[place + 1].use.at - use.at
        if away < grace, .zero - away < grace, let latest = latest(after: token, at: place) {
            return (.answerAgain(successor: latest.hash), latest)
        }
        let kind = place == branches.count - 2 ? RefreshReuse.Kind.late : .branched
        return (.end(kind, generation: branches[place].generation), nil)
    }

    /// The current token, derived from one before it; `nil` where that can't be done any more.
    ///
    /// From a token that only has the mark of one of ours, something else would follow.
    private func latest(after token: RefreshToken, at place: Int) -> RefreshToken? {
        var token = token
        for branch in branches[(place + 1)...] {
            guard !branch.salt.isEmpty else { return nil }
            token = token.successor(salt: branch.salt)
        }
        return token.hash == current ? token : nil
    }

    /// The record after an exchange.
    ///
    /// Salts are kept for the grace alone: with them, an old token leads to the current one.
    private func rotated(
        to successor: RefreshToken, salt: [UInt8], grace: Duration, _ use: RefreshUse
    ) -> FamilyRecord {
        var record = self
        record.current = successor.hash
        for place in branches.indices where use.at - branches[place].use.at >= grace {
            record.branches[place].salt = []
        }
        let generation = (latest?.generation ?? 0) + 1
        record.branches.append(
            Branch(generation: generation, mark: successor.hash.leadingBits, use: use, salt: salt))
        if record.branches.count > RefreshPolicy.mostUses { record.branches.removeFirst() }
        return record
    }

    /// Who exchanged the token of a number: whoever was given the next.
    func exchange(of generation: Int?) -> RefreshUse? {
        generation.flatMap { generation in branches.first { $0.generation == generation + 1 }?.use }
    }
}
