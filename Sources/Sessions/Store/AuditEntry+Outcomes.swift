internal import Crypto

/// What became of one session, as the audit log keeps it beside an entry.
public struct AuditOutcome: Sendable, Equatable {
    /// The session.
    public var id: IDHash
    /// The outcome's word: `revoked`, `extended`, `notFound`.
    public var word: String

    /// Pairs a session with the word of its outcome.
    public init(id: IDHash, word: String) {
        self.id = id
        self.word = word
    }

    /// The word of a session that was revoked, and that a second look found live again.
    package static let cameBack = "cameBack"
}

/// Some of the outcomes that are kept beside one entry of the audit log, in order.
public struct AuditOutcomePage: Sendable, Equatable {
    /// The outcomes.
    public var outcomes: [AuditOutcome]
    /// Where the next page begins, in the store's own counting; `nil`: these were the last.
    public var next: Int64?

    /// Makes a page.
    public init(outcomes: [AuditOutcome], next: Int64?) {
        self.outcomes = outcomes
        self.next = next
    }
}

extension AuditOutcomePage {
    /// A page of outcomes that all are at hand; they are counted from 0.
    init(of all: [AuditOutcome], after place: Int64?, limit: Int) {
        let start = max(0, place.map { Int(clamping: $0) &+ 1 } ?? 0)
        let page = Array(all.dropFirst(start).prefix(max(1, limit)))
        let end = start + page.count
        self.init(outcomes: page, next: end < all.count ? Int64(end) - 1 : nil)
    }
}

extension AuditEntry {
    /// How the result of an entry begins that tells that an order was stopped after a part of it.
    package static let stopped = "stopped after "

    /// SHA-256 over sessions and outcomes in order: 32 bytes of the id, one of the word's length, the word.
    public static func digest(of outcomes: some Sequence<AuditOutcome>) -> [UInt8] {
        var digest = OutcomesDigest()
        digest.add(outcomes)
        return digest.bytes
    }

    /// How many sessions ended in each outcome, the most frequent first: `revoked 3, alreadyRevoked 1`.
    public static func summary(of outcomes: some Sequence<AuditOutcome>) -> String {
        var counts: [String: Int] = [:]
        for outcome in outcomes { counts[outcome.word, default: 0] += 1 }
        let ordered = counts.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
        return ordered.isEmpty ? "none" : ordered.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }

    /// What an order for certain sessions was for: `s:7f3a91c2d0e1` where it is one, else `12 sessions`.
    public static func target(of ids: [IDHash]) -> String {
        ids.count == 1 ? "s:\(ids[0].handle)" : "\(ids.count) sessions"
    }
}

/// The digest over outcomes that come in pieces.
struct OutcomesDigest {
    private var digest = SHA256()

    mutating func add(_ outcomes: some Sequence<AuditOutcome>) {
        var bytes: [UInt8] = []
        for outcome in outcomes {
            outcome.id.withBytes { bytes.append(contentsOf: $0) }
            bytes.append(UInt8(truncatingIfNeeded: outcome.word.utf8.count))
            bytes.append(contentsOf: outcome.word.utf8)
        }
        bytes.withUnsafeBytes { digest.update(bufferPointer: $0) }
    }

    /// Over all that were added.
    var bytes: [UInt8] { digest.finalize().withUnsafeBytes { Array($0) } }
}

extension RevokeTarget {
    /// What an order for it was for, in the audit log's words.
    package var words: String {
        switch self {
        case .sessions(let ids): AuditEntry.target(of: ids)
        case .user(let user): "user:\(user)"
        case .everyone: "everyone"
        }
    }

    /// The same for an entry that tells of some of the sessions that an order was for.
    package func words(ofPiece ids: [IDHash]) -> String {
        switch self {
        case .sessions: AuditEntry.target(of: ids)
        case .user, .everyone: words
        }
    }
}
