import Sessions

/// A store that the dashboard shows, and what the configuration says of it.
struct ShownStore: Sendable {
    /// The store.
    var directory: any SessionDirectory
    /// What the operator calls it.
    var name: String
    /// Whoever changes much types the name first.
    var isProtected = false
    /// Why nothing may be changed; `nil`: changes are allowed.
    var readOnlyReason: String?
    /// Opens payloads; `nil`: they are shown as sealed.
    var keys: KeyRing?
    /// The theme that it is shown in; `nil`: the one in use, else the default one.
    var theme: String?
    /// What the operator is to know when it is shown.
    var notes: [String] = []
}

extension ShownStore {
    /// A store that was opened, with the keys that are at hand for it.
    ///
    /// - Throws: ``SessionsError`` where there are keys that can't be used.
    init(_ open: OpenStore, variable: (String) -> String?) throws {
        self.init(
            directory: open.directory, name: open.name, isProtected: open.isProtected,
            readOnlyReason: open.isReadOnly ? "\(open.name) is open for reading only" : nil,
            keys: try PayloadReading.keys(for: open.keysURL, variable), theme: open.theme)
    }
}
