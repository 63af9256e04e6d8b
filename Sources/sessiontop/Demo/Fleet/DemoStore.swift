import Sessions

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#endif

/// Where a demo's sessions lie: a store that is kept, or an embedded one in a temporary folder that goes with the demo.
struct DemoStore: Sendable {
    /// The store.
    let url: StoreURL
    /// The shared cache in front of it; `nil`: none.
    let cache: StoreURL?
    /// The file with the keys that payloads are sealed with; several demos on one store share it.
    let keyPath: String
    /// The folder that goes with the demo; `nil`: the store is kept.
    let temporaryFolder: String?

    /// The namespace that demos use.
    static let namespace = "default"

    /// What stands in the temporary folder.
    private static let files = ["", "-wal", "-shm", "-journal", ".keys"].map { "demo.db\($0)" }

    /// Reads where the store is to be.
    ///
    /// - Parameters:
    ///   - text: a URL; `nil`: in a new temporary folder.
    ///   - cache: the URL of a shared cache; `nil`: none.
    ///   - variable: looks up a variable of the environment.
    /// - Throws: ``SessionsError`` with `usage` for a store that a service can't use, with `unavailable` where no folder
    ///   can be made.
    init(
        url text: String?, cache: String? = nil,
        _ variable: (String) -> String? = CommandEnvironment.process.variable
    ) throws {
        self.cache = try cache.map(Self.cacheURL)
        temporaryFolder = try text == nil ? Self.makeFolder() : nil
        let text = text ?? "sqlite:\(temporaryFolder ?? "")/demo.db"
        guard let url = StoreURL(text), !url.rest.isEmpty, try StoreScheme.of(url).serve != nil else {
            throw SessionsError(
                .usage,
                "the demo can't keep its sessions in \(StoreURL.masked(text)): give --store sqlite:PATH, or leave it out"
            )
        }
        self.url = url
        keyPath = try KeyFile.makePath(for: url, variable)
    }

    /// Opens the store and makes a fleet on it.
    ///
    /// - Parameter options: what the fleet is like.
    /// - Returns: a fleet that doesn't run yet.
    /// - Throws: ``SessionsError`` where the store or the keys can't be opened or made.
    func fleet(_ options: DemoOptions) async throws -> DemoFleet {
        let store = try await StoreScheme.serve(url)
        let keys = try KeyRing.loadOrCreate(file: keyPath)
        let sealer = PayloadSealer(keys: keys, namespace: Self.namespace)
        var shared: (any SharedCache)?
        if let cache { shared = try await StoreScheme.share(cache) }
        // Two that begin at once must not choose the same names for their nodes.
        let lock = try await lockKeys()
        defer { close(lock) }
        return try await DemoFleet(options, store: store, cache: shared, sealer: sealer)
    }

    private static func cacheURL(_ text: String) throws -> StoreURL {
        guard let url = StoreURL(text), try StoreScheme.of(url).share != nil else {
            throw SessionsError(.usage, "\(StoreURL.masked(text)) is no shared cache: leave --cache out, or name one")
        }
        return url
    }

    /// Removes the temporary folder; a store that is kept stays.
    func removeIfTemporary() {
        guard let temporaryFolder else { return }
        for file in Self.files { unlink("\(temporaryFolder)/\(file)") }
        rmdir(temporaryFolder)
    }

    /// Waits until no other demo holds the lock; closing the descriptor gives it back.
    private func lockKeys() async throws -> Int32 {
        let descriptor = open(keyPath, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw SessionsError(.unavailable, "\(keyPath) can't be opened: \(String(cString: strerror(errno)))")
        }
        do {
            // Not waited for in the system: that would take away the thread that whoever holds it may need.
            while !(try tryLock(descriptor)) { try await Task.sleep(for: .milliseconds(5)) }
        } catch {
            close(descriptor)
            throw error
        }
        return descriptor
    }

    private func tryLock(_ descriptor: Int32) throws -> Bool {
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
        guard errno == EWOULDBLOCK || errno == EINTR else {
            throw SessionsError(.unavailable, "\(keyPath) can't be locked: \(String(cString: strerror(errno)))")
        }
        return false
    }

    private static func makeFolder() throws -> String {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/sessiontop-demo-XXXXXX".utf8CString)
        let isMade = template.withUnsafeMutableBufferPointer { $0.baseAddress.map { mkdtemp($0) != nil } ?? false }
        guard isMade else {
            throw SessionsError(
                .unavailable, "no folder can be made in \(parent): set TMPDIR, or give --store sqlite:PATH")
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
