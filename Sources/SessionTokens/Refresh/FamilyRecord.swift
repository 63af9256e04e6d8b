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
    }

    /// The hash of the token that is good now.
    private(set) var current: IDHash
    /// The hash of the one before it; `nil`: there was none.
    private(set) var previous: IDHash?
    /// What the current token was derived from the previous with.
    private(set) var salt: [UInt8]
    /// The last tokens that were given out, the oldest first; the last is the current one.
    private(set) var branches: [Branch]
    /// The families, or sessions, that this one ends with, the nearest first.
    let ancestors: [IDHash]
    /// The families that end with this one.
    var children: [IDHash] = []
    /// The application's own, given back with each exchange.
    let data: JSONValue

    /// The record of a new family.
    init(first token: RefreshToken, use: RefreshUse, ancestors: [IDHash] = [], data: JSONValue = .null) {
        current = token.hash
        salt = []
        branches = [Branch(generation: 1, mark: token.hash.leadingBits, use: use)]
        self.ancestors = ancestors
        self.data = data
    }

    /// Puts together what was read; `nil` where that is no record.
    init?(
        current: IDHash, previous: IDHash?, salt: [UInt8], branches: [Branch], ancestors: [IDHash], children: [IDHash],
        data: JSONValue
    ) {
        guard let last = branches.last, last.mark == current.leadingBits else { return nil }
        self.current = current
        self.previous = previous
        self.salt = salt
        self.branches = branches
        self.ancestors = ancestors
        self.children = children
        self.data = data
    }

    /// The number of the current token, and who was given it.
    var latest: (generation: Int, use: RefreshUse)? { branches.last.map { ($0.generation, $0.use) } }
}

extension FamilyRecord {
    /// What to do about a token that was presented.
    enum Decision: Sendable, Equatable {
        /// It is the current one: save the record, and then give out its successor.
        case rotate(FamilyRecord, successor: IDHash)
        /// It was exchanged just now: give out the same successor again.
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
            return (.rotate(rotated(to: successor, salt: newSalt, use), successor: successor.hash), successor)
        }
        guard hash == previous else {
            let known = branches.first { $0.mark == hash.leadingBits }
            return (.end(known == nil ? .unknown : .branched, generation: known?.generation), nil)
        }
        if let exchanged = latest?.use.at, exchanged - use.at < grace, use.at - exchanged < grace {
            let successor = token.successor(salt: salt)
            return (.answerAgain(successor: successor.hash), successor)
        }
        return (.end(.late, generation: latest.map { $0.generation - 1 }), nil)
    }

    private func rotated(to successor: RefreshToken, salt: [UInt8], _ use: RefreshUse) -> FamilyRecord {
        var record = self
        record.previous = current
        record.current = successor.hash
        record.salt = salt
        let generation = (latest?.generation ?? 0) + 1
        record.branches.append(Branch(generation: generation, mark: successor.hash.leadingBits, use: use))
        if record.branches.count > RefreshPolicy.mostUses { record.branches.removeFirst() }
        return record
    }

    /// Who exchanged the token of a number: whoever was given the next.
    func exchange(of generation: Int?) -> RefreshUse? {
        generation.flatMap { generation in branches.first { $0.generation == generation + 1 }?.use }
    }
}
