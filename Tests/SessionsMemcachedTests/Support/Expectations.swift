import Sessions
import Testing

@testable import SessionsMemcached

/// Expects an error of a code, and returns it.
@discardableResult
func expect<Result>(
    _ code: SessionsError.Code, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Result
) async -> SessionsError? {
    let error = await #expect(throws: SessionsError.self, sourceLocation: sourceLocation) { _ = try await body() }
    #expect(error?.code == code, "\(error?.message ?? "")", sourceLocation: sourceLocation)
    return error
}

/// Something came that a test can't go on with.
struct Unexpected: Error {
    let what: String

    init(_ what: String) { self.what = what }
}

/// Tries until it works: for a server that comes back.
///
/// A test's time limit ends it otherwise.
func eventually<Result>(_ body: () async throws -> Result) async throws -> Result {
    while true {
        do { return try await body() } catch is SessionsError { try await Task.sleep(for: .milliseconds(20)) }
    }
}

/// Tries until a server that was told to stop has stopped, and what is tried fails as `unavailable`; that is returned.
func untilUnavailable<Result>(_ body: () async throws -> Result) async throws -> SessionsError {
    while true {
        do { _ = try await body() } catch let error as SessionsError where error.code == .unavailable { return error }
        await Task.yield()
    }
}

/// The key of a new session.
func freshKey() -> SharedKey { SharedKey(id: SessionID().hash, generation: 1) }

/// A copy whose bytes tell its version.
func copy(_ version: Int64, byteCount: Int = 100) -> SharedCopy {
    SharedCopy(version: version, bytes: [UInt8](repeating: UInt8(truncatingIfNeeded: version), count: byteCount))
}

extension SharedCache {
    /// Takes the lease of a key that nothing stands under.
    func lease(_ key: SharedKey, for life: Duration = .seconds(60)) async throws -> SharedLease {
        guard case .leased(let lease) = try await read(key, leasing: life) else {
            throw SessionsError(.unavailable, "no lease was to be had")
        }
        return lease
    }
}
