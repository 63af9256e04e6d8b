public import Sessions

/// The keys of one issuer, or those that tokens are decrypted with (RFC 7517, section 5).
///
/// Symmetric and asymmetric keys are never mixed: a public key must have no chance to be taken for a secret.
public struct JSONWebKeySet: Sendable {
    /// The most keys in a set.
    public static let mostKeys = 64

    /// The keys, in order.
    public let keys: [JSONWebKey]
    /// How many keys were passed over: of a type, or for a use, that isn't known here.
    public let ignoredCount: Int

    /// Makes a set.
    ///
    /// - Throws: ``SessionsError`` with `invalidKey` for more than 64 keys, two of one `kid`, or symmetric ones among
    ///   asymmetric ones.
    public init(_ keys: [JSONWebKey]) throws { try self.init(keys, ignoredCount: 0) }

    /// Reads a set from JSON; a key alone is a set of one.
    ///
    /// - Parameter bytes: an object of at most 64 KiB that names no member twice.
    /// - Throws: ``SessionsError`` with `invalidKey` where it is no such object, or where ``init(_:)`` would. A key that
    ///   can't be used here is passed over, unless it is the only one.
    public init(parsing bytes: [UInt8]) throws { try self.init(json: try JSONValue(keys: bytes)) }

    /// Reads a set from a value; a key alone is a set of one.
    ///
    /// - Throws: as ``init(parsing:)``.
    public init(json: JSONValue) throws {
        guard let value = json["keys"] else {
            try self.init([JSONWebKey(json: json)])
            return
        }
        guard case .array(let elements) = value, elements.count <= Self.mostKeys else {
            throw JWKMembers.unusable("keys is no array of at most \(Self.mostKeys) keys")
        }
        var lastError: (any Error)?
        let keys = elements.compactMap { element in
            do { return try JSONWebKey(json: element) } catch {
                lastError = error
                return nil
            }
        }
        if keys.isEmpty, let lastError { throw lastError }
        try self.init(keys, ignoredCount: elements.count - keys.count)
    }

    private init(_ keys: [JSONWebKey], ignoredCount: Int) throws {
        guard keys.count <= Self.mostKeys else {
            throw JWKMembers.unusable("a key set has at most \(Self.mostKeys) keys: retire some")
        }
        guard Set(keys.map(\.isSymmetric)).count < 2 else {
            throw JWKMembers.unusable("symmetric and asymmetric keys never stand in one set: part them")
        }
        let ids = keys.compactMap { $0.id.map { Array($0.utf8) } }
        guard Set(ids).count == ids.count else {
            throw JWKMembers.unusable("two keys of the set have the same kid: rename one")
        }
        (self.keys, self.ignoredCount) = (keys, ignoredCount)
    }

    /// The key of an id, compared by bytes.
    public func key(_ id: String) -> JSONWebKey? {
        keys.first { $0.id.map { $0.hasBytes(of: id) } ?? false }
    }

    /// The public parts as JSON, for everybody to see: a symmetric key has none.
    public var publicJSON: JSONValue { ["keys": .array(keys.compactMap(\.publicJSON))] }

    /// The whole keys as JSON.
    ///
    /// Secret where a key is: for a file of mode 0600 alone.
    public var secretJSON: JSONValue { ["keys": .array(keys.map(\.secretJSON))] }
}

extension JSONWebKeySet {
    /// Reads a set, or a key alone, from a file.
    ///
    /// - Parameter path: a regular file of at most 64 KiB; where it holds a private or symmetric key, nobody but its owner
    ///   may read or write it: mode 0600 or narrower.
    /// - Throws: ``SessionsError`` with `storeNotFound` where there is none, and with `invalidKey` where it can't be used.
    public init(file path: String) throws {
        let (bytes, isOpenToOthers) = try SecretFile.readWithMode(path)
        try self.init(parsing: bytes)
        guard !isOpenToOthers || !keys.contains(where: \.isPrivate) else { throw SecretFile.openToOthers(path) }
    }

    /// Writes the whole keys to a file by rename, with mode 0600: readers see the old keys or the new ones.
    ///
    /// - Throws: ``SessionsError`` with `invalidKey` where it can't be written.
    public func write(file path: String) throws {
        try SecretFile.write(Array("\(secretJSON)\n".utf8), to: path)
    }
}

extension JSONWebKey {
    /// Reads the only key of a file.
    ///
    /// - Parameter path: as ``JSONWebKeySet/init(file:)`` takes it.
    /// - Throws: the same, and ``SessionsError`` with `invalidKey` where there are several keys, or none.
    public init(file path: String) throws {
        let set = try JSONWebKeySet(file: path)
        guard let key = set.keys.first, set.keys.count == 1 else {
            throw JWKMembers.unusable("the file holds \(set.keys.count) keys: name one with a single key")
        }
        self = key
    }

    /// Makes a file with the key, of mode 0600; one that is there already stays as it is.
    ///
    /// - Returns: whether it was made now.
    /// - Throws: ``SessionsError`` with `invalidKey` where it can't be made.
    public func create(file path: String) throws -> Bool {
        try SecretFile.create(Array("\(secretJSON)\n".utf8), at: path)
    }

    /// Writes the key to a file by rename, with mode 0600.
    ///
    /// - Throws: ``SessionsError`` with `invalidKey` where it can't be written.
    public func write(file path: String) throws {
        try SecretFile.write(Array("\(secretJSON)\n".utf8), to: path)
    }
}
