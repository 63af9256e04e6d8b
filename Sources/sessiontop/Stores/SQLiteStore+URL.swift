import Sessions
import SessionsSQLite

extension SQLiteStore {
    /// Opens the file that a URL names, which must be there: an operator's command never makes one.
    static func attach(_ url: StoreURL, _ access: StoreAccess) async throws -> any SessionDirectory {
        guard !url.rest.isEmpty else { throw SessionsError(.usage, "the path is missing: write sqlite:PATH") }
        return try await access.attach(
            native: { try open(path: url.rest, mode: access.isReadOnly ? .readOnly : .existing, time: access.time) },
            foreign: {
                try await SQLiteLayouts.open(
                    path: url.rest, layout: $0, isReadOnly: access.isReadOnly, logs: access.logs(of: url),
                    time: access.time)
            })
    }

    /// Opens the file that a URL names for a service, and makes it where it is missing.
    static func serve(_ url: StoreURL) throws -> SQLiteStore {
        guard !url.rest.isEmpty else { throw SessionsError(.usage, "the path is missing: write sqlite:PATH") }
        return try open(path: url.rest, mode: .create)
    }
}
