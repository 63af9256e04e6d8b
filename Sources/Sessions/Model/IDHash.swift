internal import Crypto

/// The SHA-256 of a session's id: what stores hold, caches are keyed by and screens identify a row with.
///
/// For a native session the hash is over the 32 bytes of the ``SessionID``; for another framework's, over the bytes of
/// the id part of its key or column. It can't be turned back into an id.
public struct IDHash: Hashable, Sendable {
    /// The digest as four big-endian words: stored in place, compared without a loop.
    @usableFromInline let words: (UInt64, UInt64, UInt64, UInt64)

    /// The length in bytes.
    public static let byteCount = 32

    /// Hashes the bytes of an id.
    public init(hashing id: some Sequence<UInt8>) {
        self.init(hashing: Array(id))
    }

    /// The same for bytes that lie in an array.
    package init(hashing id: [UInt8]) {
        var digest = SHA256()
        // Generic over collections it takes longer than the hash.
        id.withUnsafeBytes { digest.update(bufferPointer: $0) }
        self = digest.finalize().withUnsafeBytes { IDHash(raw: $0) }
    }

    /// Takes a digest as a store holds it.
    ///
    /// - Parameter digest: exactly 32 bytes; any other length gives `nil`.
    public init?(digest: some Collection<UInt8>) {
        guard digest.count == Self.byteCount else { return nil }
        self = Array(digest).withUnsafeBytes { IDHash(raw: $0) }
    }

    /// Takes a digest from memory.
    ///
    /// - Parameter digest: exactly 32 bytes, which are copied; any other length gives `nil`.
    public init?(bytes digest: UnsafeRawBufferPointer) {
        guard digest.count == Self.byteCount else { return nil }
        self.init(raw: digest)
    }

    private init(raw: UnsafeRawBufferPointer) {
        func word(_ index: Int) -> UInt64 {
            UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
        }
        words = (word(0), word(1), word(2), word(3))
    }

    /// The 32 bytes of the digest.
    public var bytes: [UInt8] {
        withBytes { Array($0) }
    }

    /// Lends the 32 bytes without an allocation.
    ///
    /// - Parameter body: gets a pointer that is valid during the call only.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        let big = (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
        return try withUnsafeBytes(of: big, body)
    }

    /// What people see and type: the first 12 hexadecimal digits.
    public var handle: Handle { Handle(word: words.0) }

    /// The first 64 bits, uniform as a digest's are: for indexes that hash or sort ids.
    @inlinable public var leadingBits: UInt64 { words.0 }

    /// The first 128 bits, in two words: for tables that hold no more of a digest.
    @inlinable public var leadingWords: (UInt64, UInt64) { (words.0, words.1) }

    /// Equal digests.
    @inlinable public static func == (a: IDHash, b: IDHash) -> Bool { a.words == b.words }

    /// Feeds one word: a digest is uniform already, and ids come from our own generator.
    public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

extension IDHash: Comparable {
    /// The order of the digests' bytes, which is the order of the handles.
    @inlinable public static func < (a: IDHash, b: IDHash) -> Bool { a.words < b.words }
}

extension IDHash: CustomStringConvertible {
    /// The handle: enough for people, useless to a thief.
    public var description: String { handle.description }
}
