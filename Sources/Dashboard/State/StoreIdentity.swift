public import Sessions

/// Which store is looked at: always on the screen, and named in every dialog.
public struct StoreIdentity: Sendable, Equatable {
    /// The context's name in the configuration, or the store's address where there is none: what is typed to confirm, as
    /// far as dialogs show it.
    public var name: String
    /// What the store says of itself.
    public var description: StoreDescription
    /// What it can do; keys are greyed from it.
    public var capabilities: Capabilities
    /// Whether its context is marked `protected`: every change needs a reason, and the name typed.
    public var isProtected: Bool

    /// Makes an identity.
    public init(
        name: String, description: StoreDescription, capabilities: Capabilities, isProtected: Bool = false
    ) {
        self.name = name
        self.description = description
        self.capabilities = capabilities
        self.isProtected = isProtected
    }
}

/// A store that has a name in the configuration: the dashboard can be switched to it.
public struct NamedStore: Sendable, Equatable {
    /// The context's name.
    public var name: String
    /// Where the store is, with its password masked.
    public var address: String

    /// Names a store.
    public init(name: String, address: String) {
        self.name = name
        self.address = address
    }
}

/// What an operator may do, and what has to be given for it.
public struct Policy: Sendable, Equatable {
    /// Who operates: what the audit log keeps.
    public var actor: String
    /// Why nothing may be changed; `nil`: changes are allowed.
    ///
    /// The screen greys keys from it. It is *enforced* where effects are run: see ``Effect/isChange``.
    public var readOnlyReason: String?
    /// A change of more than so many sessions needs a reason; 0: every change does.
    public var reasonFreeCount: Int
    /// How many bytes a reason has at most.
    public static let reasonLimit = 200

    /// Makes a policy.
    ///
    /// - Parameters:
    ///   - actor: who operates.
    ///   - readOnlyReason: why nothing may be changed.
    ///   - reasonFreeCount: a change of more sessions than this needs a reason.
    public init(actor: String, readOnlyReason: String? = nil, reasonFreeCount: Int = 1) {
        self.actor = actor
        self.readOnlyReason = readOnlyReason
        self.reasonFreeCount = max(0, reasonFreeCount)
    }

    /// Whether nothing may be changed.
    public var isReadOnly: Bool { readOnlyReason != nil }
}
