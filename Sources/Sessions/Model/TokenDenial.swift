/// One signed token that verifiers must refuse although nothing in it says so: told by the feed.
///
/// A token is named by its issuer and its `jti`, never by its text: one token has many spellings. The feed holds a hash of
/// the two, so that nobody learns from it which tokens there are.
public struct TokenDenial: Hashable, Sendable {
    /// What the feed holds and verifiers look up: no session's id hashes to it.
    public let key: IDHash

    /// Names the token of an issuer.
    ///
    /// - Parameters:
    ///   - issuer: its `iss`, byte for byte.
    ///   - tokenID: its `jti`, byte for byte.
    public init(issuer: String, tokenID: String) {
        // Each part is preceded by its length, so that none can borrow from the other.
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.purpose.utf8.count + 16 + issuer.utf8.count + tokenID.utf8.count)
        bytes.append(contentsOf: Self.purpose.utf8)
        func append(_ part: String) {
            withUnsafeBytes(of: UInt64(part.utf8.count).bigEndian) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: part.utf8)
        }
        append(issuer)
        append(tokenID)
        key = IDHash(hashing: bytes)
    }

    /// What the hash is for, so that it is no other's.
    private static let purpose = "sessiontop token denial 1"

    /// Takes a key as the feed holds it.
    public init(key: IDHash) { self.key = key }
}

extension TokenDenial: CustomStringConvertible {
    /// The beginning of its key, as the audit log names it: `token:7f3a91c2d0e1`.
    public var description: String { "token:\(key.handle)" }

    /// What an order for certain tokens was for: `token:7f3a91c2d0e1` where it is one, else `12 tokens`.
    public static func target(of denials: [TokenDenial]) -> String {
        denials.count == 1 ? denials[0].description : "\(denials.count) tokens"
    }

    /// The outcomes of an order that denied tokens, as the audit log keeps them.
    public static func outcomes(of denials: [TokenDenial]) -> [AuditOutcome] {
        denials.map { AuditOutcome(id: $0.key, word: "denied") }
    }
}
