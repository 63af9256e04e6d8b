internal import Crypto

/// Seals payloads for the store, and opens them.
///
/// AES-256-GCM with a fresh 96-bit nonce. The namespace, the id's hash and the version are authenticated along with it, so
/// that a payload can't be moved to another session, nor rolled back to an older state.
public struct PayloadSealer: Sendable {
    /// The namespace that payloads are sealed for: one service's can't be given to another.
    public let namespace: String
    /// Whether payloads that are not sealed are opened, too: for stores written before there were keys.
    public let acceptsPlain: Bool
    private let keys: KeyRing

    /// The bytes that sealing adds: nonce and tag.
    public static let overhead = 28

    /// Makes a sealer.
    ///
    /// - Parameters:
    ///   - keys: the key ring; its first key seals.
    ///   - namespace: the service's name within the store.
    ///   - acceptsPlain: whether payloads that are not sealed are opened, too. Whoever can write to the store can then
    ///     make up a payload.
    public init(keys: KeyRing, namespace: String, acceptsPlain: Bool = false) {
        self.keys = keys
        self.namespace = namespace
        self.acceptsPlain = acceptsPlain
    }

    /// Seals a payload for one version of one session.
    ///
    /// - Parameters:
    ///   - plain: the state, of any length.
    ///   - id: the session's identity.
    ///   - version: the version that it will have in the store.
    /// - Returns: nonce, ciphertext and tag, with the key's id.
    /// - Throws: ``SessionsError`` with `invalidKey` where the system's cryptography fails.
    public func seal(_ plain: [UInt8], id: IDHash, version: Int64) throws -> Payload {
        try seal(plain, id: id, version: version, as: .payload)
    }

    /// What something is sealed as: a copy of a session can't be passed off as a payload, nor a payload as a copy, nor
    /// either as a session that another node hands over.
    enum Purpose: String {
        case payload = "sessiontop payload 1"
        case copy = "sessiontop copy 1"
        case handOver = "sessiontop hand-over 1"
    }

    func seal(_ plain: [UInt8], id: IDHash, version: Int64, as purpose: Purpose) throws -> Payload {
        guard let sealing = keys.sealing,
            let box = try? AES.GCM.seal(plain, using: sealing.key, authenticating: bound(to: id, version, purpose)),
            let combined = box.combined
        else { throw SessionsError(.invalidKey, "a payload could not be sealed: look at the key ring") }
        return Payload(keyID: sealing.id, bytes: Array(combined))
    }

    /// Opens a payload that was sealed for one version of one session.
    ///
    /// - Parameters:
    ///   - payload: as the store holds it.
    ///   - id: the session's identity.
    ///   - version: the session's version.
    /// - Returns: the state.
    /// - Throws: ``SessionsError`` with `unknownKey` where the ring doesn't have the key, and with `payloadRejected` where
    ///   the payload was changed, moved or rolled back, or isn't sealed and must be.
    public func open(_ payload: Payload, id: IDHash, version: Int64) throws -> [UInt8] {
        guard payload.keyID != nil else {
            guard acceptsPlain else {
                throw SessionsError(.payloadRejected, "a payload isn't sealed, and this service takes sealed ones only")
            }
            return payload.bytes
        }
        return try open(payload, id: id, version: version, as: .payload)
    }

    func open(_ payload: Payload, id: IDHash, version: Int64, as purpose: Purpose) throws -> [UInt8] {
        guard let keyID = payload.keyID, let key = keys.key(keyID) else {
            throw SessionsError(
                .unknownKey,
                "a payload was sealed with a key that isn't in the key ring: add the key, or end the session")
        }
        guard payload.bytes.count >= Self.overhead, let box = try? AES.GCM.SealedBox(combined: payload.bytes),
            let plain = try? AES.GCM.open(box, using: key, authenticating: bound(to: id, version, purpose))
        else {
            throw SessionsError(
                .payloadRejected, "a payload was changed, moved or rolled back: end the session, and find out who did")
        }
        return Array(plain)
    }

    /// What is authenticated along with a payload; the namespace is preceded by its length, the rest is of fixed length.
    private func bound(to id: IDHash, _ version: Int64, _ purpose: Purpose) -> [UInt8] {
        var bytes = Array(purpose.rawValue.utf8)
        withUnsafeBytes(of: UInt64(namespace.utf8.count).bigEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: namespace.utf8)
        id.withBytes { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: version.bigEndian) { bytes.append(contentsOf: $0) }
        return bytes
    }
}
