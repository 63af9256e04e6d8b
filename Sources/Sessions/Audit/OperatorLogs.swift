/// Where an operator keeps the audit logs of what keeps none itself: a file a store, in a folder of their own.
public struct OperatorLogs: Sendable {
    private let folder: String?
    private let lack: String
    private let store: String

    /// Logs in a folder, which is made with the first entry.
    ///
    /// - Parameters:
    ///   - folder: its path.
    ///   - store: what tells the store from all others, such as its URL without a password.
    public init(in folder: String, of store: String) {
        self.folder = folder
        self.store = store
        lack = ""
    }

    /// There is no place for any.
    ///
    /// - Parameters:
    ///   - reason: why, and what to do about it.
    ///   - store: what tells the store from all others.
    public init(lacking reason: String, of store: String) {
        folder = nil
        self.store = store
        lack = reason
    }

    /// The store's log.
    ///
    /// - Parameter parts: what else tells apart what lies in one store: the layout.
    /// - Returns: the log, which may be one that nothing can be written to.
    public func log(_ parts: String...) -> OperatorLog {
        guard let folder else { return OperatorLog(lacking: lack) }
        let name = IDHash(hashing: Array(([store] + parts).joined(separator: "\n").utf8)).handle
        return OperatorLog(path: "\(folder)/audit-\(name).jsonl", makesFolder: true)
    }
}

extension OperatorLog {
    /// Whether changes can be put on the record, for a store's capabilities.
    ///
    /// - Parameters:
    ///   - log: the log; `nil`: nobody gave one.
    ///   - readOnly: why nothing may be written; `nil`: it may.
    ///   - none: what is said where there is no log.
    /// - Returns: that they can, or why not.
    package static func ability(of log: OperatorLog?, readOnly: String?, none: String) -> Capabilities.Ability {
        guard let log else { return .no(because: none) }
        guard let reason = readOnly ?? log.lack else { return .yes }
        return .no(because: reason)
    }
}
