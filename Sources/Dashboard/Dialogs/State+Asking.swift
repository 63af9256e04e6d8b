internal import Screen
internal import Sessions

extension State {
    /// Opens the dialog that stands before a change, a reveal or an export.
    mutating func ask(_ id: CommandID, _ argument: String) -> [Effect] {
        switch id {
        case .revoke: return askToRevoke(argument)
        case .revokeUser:
            guard let name = currentUser?.name else { return [] }
            return openRevoke(freeze(.user(name)))
        case .extend: return askToExtend(argument)
        case .reveal: return askToReveal()
        case .export: return askToExport(argument)
        case .drainNode: return askToSteer(.drain)
        case .stopNode: return askToSteer(.maintenance)
        case .readyNode: return askToSteer(.ready)
        default: return []
        }
    }

    private mutating func askToRevoke(_ argument: String) -> [Effect] {
        if argument == "everyone" { return openRevoke(freeze(.everyone)) }
        guard !argument.isEmpty else { return openRevoke(freezeSelected()) }
        if let error = FilterInput(argument).error {
            say("revoke: \(error)", .error)
            return []
        }
        return openRevoke(freeze(.matching(argument)))
    }

    private mutating func openRevoke(_ frozen: FrozenSet) -> [Effect] {
        guard frozen.count > 0 else {
            say("revoke: no live session is meant", .warning)
            return []
        }
        let confirmation = confirmation(for: frozen, isDestructive: true)
        overlay = .dialog(
            .revoke(
                RevokeDialog(
                    frozen: frozen, opened: now, confirmation: confirmation,
                    reach: frozen.source == .everyone ? .rule : .these, needsReason: needsReason(frozen),
                    focus: confirmation.expected == nil ? .cancel : .reason)))
        return [.flushInput]
    }

    private mutating func askToExtend(_ argument: String) -> [Effect] {
        let frozen = freezeSelected()
        guard frozen.count > 0 else {
            say("extend: no live session is meant", .warning)
            return []
        }
        var dialog = ExtendDialog(
            frozen: frozen, opened: now, confirmation: confirmation(for: frozen, isDestructive: false),
            needsReason: needsReason(frozen))
        if !argument.isEmpty { dialog.deadline.replace(with: argument) }
        overlay = .dialog(.extend(dialog))
        return [.flushInput]
    }

    private mutating func askToReveal() -> [Effect] {
        if isRevealed {
            mask()
            say("secrets are hidden")
            return []
        }
        guard let id = currentSession else { return [] }
        overlay = .dialog(.reveal(RevealDialog(id: id, opened: now)))
        return [.flushInput]
    }

    private mutating func askToExport(_ argument: String) -> [Effect] {
        let isLog = navigation.place == .audit
        let name = isLog ? "audit" : "sessions"
        let path = argument.isEmpty ? "\(name)-\(now.wall.fileStamp).csv" : argument
        var dialog = ExportDialog(
            listed: isLog ? .entries(audit.shown) : .sessions(list.table.ids()), opened: now,
            path: TextField(path, limit: ExportDialog.pathLimit))
        if path.hasSuffix(".jsonl") || path.hasSuffix(".json") { dialog.format = .jsonl }
        overlay = .dialog(.export(dialog))
        return [.flushInput]
    }

    /// Whether the policy wants a reason: in a protected context for each change, as the command line does.
    func needsReason(_ frozen: FrozenSet) -> Bool {
        store.isProtected || frozen.count > policy.reasonFreeCount || frozen.source.hasRule
    }

    /// How hard it is to confirm, by how much it ends.
    func confirmation(for frozen: FrozenSet, isDestructive: Bool) -> Confirmation {
        let isGrave = frozen.source == .everyone || (frozen.share > 0.05 && frozen.count > Confirmation.listLimit)
        if store.isProtected || (isDestructive && isGrave) { return .name(store.name) }
        if frozen.count > Confirmation.listLimit { return .typed("\(frozen.count)") }
        if case .user = frozen.source { return .typed("\(frozen.count)") }
        return frozen.count == 1 ? .yes : .list
    }
}

extension Confirmation {
    /// Every dialog shows so many columns of a name, on the narrowest screen, too.
    private static let nameWidth = 40

    /// Asks for a name: all of it, or its beginning where a dialog can't show all of it.
    ///
    /// A store without a context is called by its URL, which may name many hosts: what can't be read can't be typed. The
    /// beginning has the kind of the store and its first host, and still takes somebody who reads it.
    static func name(_ name: String) -> Confirmation {
        var shown = ""
        for character in Escaping.text(name) {
            let longer = shown + String(character)
            guard TextWidth.of(longer) <= nameWidth else { break }
            shown = longer
        }
        return .typedName(shown)
    }
}

extension Timestamp {
    /// For a file's name: `20260821T140327Z`.
    var fileStamp: String { String(description.prefix(19).filter { $0 != "-" && $0 != ":" }) + "Z" }
}
