public import Sessions
internal import Synchronization

/// A signing key ring in a file of mode 0600, which is read again whenever it has changed.
///
/// So a rotation, by whomever, reaches a running node: by ``run(updating:every:rotating:)``, and at once where a token names
/// a key that the node doesn't have.
public final class SigningKeyFile: TokenKeySource {
    private struct State {
        var ring: SigningKeyRing
        var stamp: SecretFile.Stamp?
    }

    /// Where it is.
    public let path: String
    /// When its keys follow each other.
    public let schedule: KeySchedule
    private let time: TimeSource
    private let state: Mutex<State>

    /// Opens a file that is there.
    ///
    /// - Parameters:
    ///   - path: a regular file that nobody but its owner may read or write: mode 0600 or narrower.
    ///   - schedule: when its keys follow each other.
    ///   - time: the clocks.
    /// - Throws: ``SessionsError`` with `storeNotFound` where there is none, `invalidKey` where it is no ring.
    public init(_ path: String, schedule: KeySchedule, time: TimeSource = .system) throws {
        (self.path, self.schedule, self.time) = (path, schedule, time)
        state = Mutex(try Self.read(path))
    }

    /// Makes a file with a new ring, and opens it.
    ///
    /// - Parameters:
    ///   - path: where nothing is yet.
    ///   - algorithm: what the first key signs with, and its successors.
    ///   - id: the first key's `kid`; `nil`: its thumbprint.
    ///   - schedule: when its keys follow each other.
    ///   - time: the clocks.
    /// - Returns: the file.
    /// - Throws: ``SessionsError`` with `usage` where a file is there already, `invalidKey` where it can't be made.
    public static func create(
        _ path: String, algorithm: SignatureAlgorithm, id: String? = nil, schedule: KeySchedule,
        time: TimeSource = .system
    ) throws -> SigningKeyFile {
        let ring = try SigningKeyRing(newKey: algorithm, id: id, at: time.wall())
        guard try SecretFile.create(Array("\(ring.secretJSON)\n".utf8), at: path) else {
            throw SessionsError(.usage, "there is a file already: keys are never overwritten, name another")
        }
        return try SigningKeyFile(path, schedule: schedule, time: time)
    }

    /// The ring as it was read last.
    public var ring: SigningKeyRing { state.withLock { $0.ring } }

    /// The key that signs now.
    public var signingKey: JSONWebKey { ring.signingKey(at: time.wall()) }

    /// Reads the file again where it has changed.
    ///
    /// - Returns: whether it had.
    /// - Throws: ``SessionsError`` where it can't be read: the ring that was read last stays.
    @discardableResult
    public func refresh() throws -> Bool {
        let known = state.withLock { $0.stamp }
        guard SecretFile.stamp(of: path) != known else { return false }
        let new = try Self.read(path)
        state.withLock { $0 = new }
        return true
    }

    /// Reads the file again where it has changed, and gives the keys that verify.
    public func fetch() async throws -> JSONWebKeySet {
        try refresh()
        return try ring.verifyingKeys()
    }

    /// Does what is due, see ``SigningKeyRing/rotated(_:at:)``, and writes the ring where that changed it.
    ///
    /// - Throws: ``SessionsError`` where the file can't be read or written.
    public func rotate() throws { try change { try $0.rotated(schedule, at: time.wall()) } }

    /// Changes the ring: read, changed and written while nobody else does that.
    ///
    /// - Parameter body: gives the new ring for the present one.
    /// - Throws: ``SessionsError`` where the file can't be read or written; what `body` throws.
    public func change(_ body: (SigningKeyRing) throws -> SigningKeyRing) throws {
        try SecretFile.withLock(on: path) {
            let old = try Self.read(path).ring
            let new = try body(old)
            if new.secretJSON != old.secretJSON { try SecretFile.write(Array("\(new.secretJSON)\n".utf8), to: path) }
        }
        try refresh()
    }

    /// Follows the file until it is cancelled.
    ///
    /// - Parameters:
    ///   - keys: get the keys that verify whenever they have changed.
    ///   - interval: how often it looks.
    ///   - rotating: whether it does what is due; one node of several is enough, and all may.
    public func run(updating keys: TokenKeys, every interval: Duration = .seconds(10), rotating: Bool = false) async {
        var known = ring.secretJSON
        keys.replace(with: (try? ring.verifyingKeys()) ?? keys.current)
        while !Task.isCancelled {
            do { try await time.sleep(time.monotonic() + interval) } catch { return }
            // A file that can't be read now is read the next time; the keys that are known stay.
            if rotating { try? rotate() }
            _ = try? refresh()
            let ring = self.ring
            guard ring.secretJSON != known, let set = try? ring.verifyingKeys() else { continue }
            known = ring.secretJSON
            keys.replace(with: set)
        }
    }

    /// The stamp is taken before the bytes: what changes between is then read again.
    private static func read(_ path: String) throws -> State {
        let stamp = SecretFile.stamp(of: path)
        return State(ring: try SigningKeyRing(parsing: try SecretFile.read(path)), stamp: stamp)
    }
}
