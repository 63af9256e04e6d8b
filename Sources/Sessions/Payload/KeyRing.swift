internal import Crypto

/// The keys that payloads are sealed with: one seals, older ones still open.
///
/// As text, it has a line for each key: its id, a space, and 32 bytes in base64url. The first one seals. Empty lines and
/// lines that begin with `#` are passed over.
///
/// With random nonces a key should seal fewer than 2³² payloads (NIST SP 800-38D, 8.3): ``rotated(to:)`` well before.
public struct KeyRing: Sendable {
    /// The length of a key in bytes.
    public static let keyByteCount = 32
    /// The longest id of a key, in bytes.
    public static let longestID = 32
    /// The most keys in a ring.
    public static let mostKeys = 64

    private var keys: [(id: String, key: SymmetricKey)]

    /// Makes a ring with one new key from the system's generator.
    ///
    /// - Parameter id: 1 to 32 letters, digits, dots, hyphens or underscores of ASCII.
    /// - Throws: ``SessionsError`` with `invalidKey` for an id of any other form.
    public init(newKey id: String) throws {
        try Self.check(id)
        keys = [(id, SymmetricKey(size: .bits256))]
    }

    /// Reads a ring as text: from a file, or from the environment, where `;` may stand for the end of a line.
    ///
    /// - Throws: ``SessionsError`` with `invalidKey`, with the number of the line; the line itself is never told.
    public init(text: some StringProtocol) throws {
        keys = []
        let lines = text.utf8.split(omittingEmptySubsequences: false) {
            $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: ";")
        }
        for (number, line) in zip(1..., lines) { try append(line: Array(line), number: number) }
        guard !keys.isEmpty else { throw SessionsError(.invalidKey, "the key ring is empty: it needs a line `id key`") }
    }

    /// The key that seals: its id.
    public var sealingID: String { keys.first?.id ?? "" }

    /// The ids of all keys, the sealing one first.
    public var ids: [String] { keys.map(\.id) }

    /// The text form.
    ///
    /// Secret: for a file of mode 0600 alone.
    public var secretText: String {
        keys.map { id, key in "\(id) \(key.withUnsafeBytes { Base64URL.encode($0) })\n" }.joined()
    }

    /// A ring that seals with a new key and still opens with the present ones; the oldest beyond ``mostKeys`` go.
    ///
    /// - Parameter id: the new key's, unused so far.
    /// - Returns: the new ring; this one stays as it is.
    /// - Throws: ``SessionsError`` with `invalidKey` where the id is taken or malformed.
    public func rotated(to id: String) throws -> KeyRing {
        guard !ids.contains(id) else {
            throw SessionsError(.invalidKey, "the key ring has a key \(id) already: choose another id")
        }
        var ring = try KeyRing(newKey: id)
        ring.keys += keys.prefix(Self.mostKeys - 1)
        return ring
    }

    /// The key that seals, with its id.
    var sealing: (id: String, key: SymmetricKey)? { keys.first }

    /// The key of an id, compared by bytes.
    func key(_ id: String) -> SymmetricKey? { keys.first { $0.id.hasBytes(of: id) }?.key }

    private mutating func append(line: [UInt8], number: Int) throws {
        let fields = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }
        guard let first = fields.first, first.first != UInt8(ascii: "#") else { return }
        let id = String(decoding: first, as: UTF8.self)
        guard fields.count == 2, Self.isValid(id), let bytes = Base64URL.decode(fields[1]),
            bytes.count == Self.keyByteCount
        else {
            throw SessionsError(
                .invalidKey, "line \(number) of the key ring is no `id key` with 32 bytes in base64url: mend it")
        }
        guard key(id) == nil, keys.count < Self.mostKeys else {
            throw SessionsError(
                .invalidKey, "line \(number) of the key ring repeats an id, or is one too many: remove it")
        }
        keys.append((id, SymmetricKey(data: bytes)))
    }

    private static func check(_ id: String) throws {
        guard isValid(id) else {
            throw SessionsError(.invalidKey, "a key's id is 1 to 32 letters, digits, dots, hyphens or underscores")
        }
    }

    private static func isValid(_ id: String) -> Bool { id.isName(upTo: longestID, with: "-_.") }
}

extension KeyRing: CustomStringConvertible, CustomReflectable {
    /// The ids alone: a key is never printed by accident.
    public var description: String { "KeyRing(\(ids.joined(separator: ", ")))" }

    /// The ids alone, for `dump` and debuggers' summaries.
    public var customMirror: Mirror { Mirror(self, children: ["ids": ids]) }
}
