import Crypto
import Sessions

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#endif

/// What the shop keeps its sessions in: opened once, at the start.
struct SessionBacking: Sendable {
    /// The store.
    let store: any SessionStore & SessionDirectory
    /// The cache in front of it.
    let cache: (any SharedCache)?
    /// What seals payloads.
    let keys: KeyRing
    /// What it is, for people.
    let name: String
    /// The store, where it is the memory of this process.
    let memory: MemoryStore?

    /// Opens it.
    ///
    /// - Throws: `SessionsError` where it can't be opened.
    init(_ options: Storefront) async throws {
        let password = Self.variable("SESSIONTOP_PASSWORD")
        switch options.mode {
        case .memory:
            let memory = MemoryStore(limits: MemoryLimits())
            (store, self.memory, cache) = (memory, memory, nil)
            keys = try options.keys.map { try KeyRing.loadOrCreate(file: $0) } ?? KeyRing(newKey: "k1")
            name = "the memory of \(options.node)"
        case .cookie, .token:
            memory = nil
            store = try await StoreOpening.store(options.store, password: password)
            cache = try options.cache.map { try StoreOpening.cache($0, password: password) }
            keys = try KeyRing.loadOrCreate(file: options.keys ?? "storefront.keys")
            name = StoreOpening.scheme(options.store)
        }
    }

    /// Signs affinity cookies: the same at every instance that has the same keys.
    var affinityKey: SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Array(keys.secretText.utf8)), info: Array("storefront affinity".utf8),
            outputByteCount: 32)
    }

    private static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
}
