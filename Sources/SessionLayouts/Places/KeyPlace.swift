/// Sessions that lie under keys of their own, as strings.
public struct KeyPlace: Sendable, Equatable {
    /// What stands before the id.
    public enum Prefix: Sendable, Equatable {
        /// Exactly this.
        case exactly(String)
        /// Whatever the application's configuration says, and then this.
        case endingIn(String)
    }

    /// What stands before the id.
    public let prefix: Prefix
    /// What the id looks like.
    public let id: IDShape
    /// What stands between the prefix and the id in the key of its lock, which is deleted with it.
    public var lock: String?

    init(_ prefix: Prefix, _ id: IDShape, lock: String? = nil) {
        self.prefix = prefix
        self.id = id
        self.lock = lock
    }

    /// The id part of a key; `nil`: it is no key of a session.
    public func id(of key: [UInt8]) -> ArraySlice<UInt8>? {
        switch prefix {
        case .exactly(let prefix):
            guard key.starts(with: prefix.utf8) else { return nil }
            let rest = key.dropFirst(prefix.utf8.count)
            return id.matches(rest) ? rest : nil
        case .endingIn(let mark):
            guard let length = id.length, key.count >= length else { return nil }
            let rest = key.suffix(length)
            let before = key.dropLast(length)
            guard id.matches(rest), before.suffix(mark.utf8.count).elementsEqual(mark.utf8) else { return nil }
            return rest
        }
    }

    /// The pattern of SCAN that all keys match, and as few others as it can tell.
    public var glob: String {
        let lead = Self.escaped(id.lead)
        switch prefix {
        case .exactly(let prefix): return "\(Self.escaped(prefix))\(lead)*"
        case .endingIn(let mark): return "*\(Self.escaped(mark))\(lead)*"
        }
    }

    /// The keys that a revoke deletes: the session's first.
    func keys(endedWith key: [UInt8]) -> [[UInt8]] {
        guard let lock, let id = id(of: key) else { return [key] }
        return [key, key.dropLast(id.count) + Array(lock.utf8) + id]
    }

    private static func escaped(_ text: String) -> String {
        text.map { "*?[]\\".contains($0) ? "\\\($0)" : String($0) }.joined()
    }
}
