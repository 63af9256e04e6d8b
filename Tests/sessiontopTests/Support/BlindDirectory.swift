import Sessions

/// A store that gives no payloads, and says that it can do what a test wants.
struct BlindDirectory: PassingDirectory {
    let inner: any SessionDirectory
    let capabilities: Capabilities

    func detail(_ id: IDHash) async throws -> SessionDetail? {
        var detail = try await inner.detail(id)
        detail?.payload = nil
        return detail
    }
}
