internal import Sessions

/// Why something can't be done now, in words for the operator; `nil` where it can.
///
/// Keys are greyed from these, and a greyed key answers with its reason. What holds for good is enforced where effects
/// are run.
extension State {
    /// What a revoke would be for.
    enum RevokeSubject {
        /// The marked sessions, or the one under the cursor.
        case marked
        /// The user under the cursor.
        case user
        /// Whatever a filter matches.
        case rule
    }

    var noRowReason: String? {
        switch navigation.place.scope {
        case .list, .inspect: noSessionReason
        case .users: users.cursor == nil ? "no user is listed" : nil
        case .nodes: fleet.cursor == nil ? "no node is known" : nil
        case .result: noSessionReason
        case .audit: noEntryReason
        default: nil
        }
    }

    var noSessionReason: String? { currentSession == nil ? "no session is under the cursor" : nil }

    var noUserReason: String? {
        store.capabilities.owners.reason ?? (currentUser == nil ? "no user is under the cursor" : nil)
    }

    /// Why nothing may act on several rows.
    var manyRowsReason: String? {
        filterReason ?? (list.count == 0 ? "no session is listed" : nil)
    }

    private var noEntryReason: String? { audit.shown.isEmpty ? "no entry is listed" : nil }

    /// Why nothing can be written into a file.
    var exportReason: String? { navigation.place == .audit ? noEntryReason : manyRowsReason }

    /// Why an export is not put on the record; `nil`: it is.
    var unrecordedReason: String? { policy.isReadOnly ? "read-only" : store.capabilities.audit.reason }

    /// A filter that can't be understood disables everything that acts on more than one row.
    private var filterReason: String? {
        list.filter.error.map { "the filter can't be understood: \($0.message)" }
    }

    /// Why nothing may be changed at all.
    var changeReason: String? {
        if let reason = policy.readOnlyReason { return "read-only: \(reason)" }
        switch health {
        case .connecting: return "the store has not answered yet"
        case .lost(let age?): return "the connection is lost: these data are \(age.components.seconds) s old"
        case .lost(nil): return "the store can't be reached"
        case .good, .slow: return nil
        }
    }

    func revokeReason(_ subject: RevokeSubject) -> String? {
        if let reason = changeReason ?? store.capabilities.revoke.reason { return reason }
        switch subject {
        case .marked where list.markCount > 0 && navigation.place.scope == .list:
            // Marks may be hidden by the filter; one that can't be understood hides everything.
            return list.markCount > 1 ? filterReason : nil
        case .marked: return noSessionReason
        case .user: return noNamedUserReason
        case .rule: return filterReason
        }
    }

    /// Why no rule for a user can be made: anonymous sessions have no name that a cut-off could go by.
    private var noNamedUserReason: String? {
        if let reason = noUserReason { return reason }
        if currentUser?.name == nil { return "these sessions have no user: mark them and press X" }
        return filterReason
    }

    /// Why no other store can be looked at now: what was changed in this one, or put on record, is followed to its end.
    var contextReason: String? {
        if contexts.isEmpty { return "no contexts are known here: name them in the configuration file" }
        guard jobs.active.isEmpty, awaited == 0 else {
            return "a change is still on its way, or is yet to be looked at again"
        }
        return nil
    }

    var extendReason: String? {
        if let reason = changeReason ?? store.capabilities.extend.reason { return reason }
        guard navigation.place.scope == .list, list.markCount > 0 else { return noSessionReason }
        return list.markCount > 1 ? filterReason : nil
    }

    /// Why the node under the cursor can't be taken out or in.
    var steerReason: String? {
        changeReason ?? store.capabilities.steering.reason ?? noRowReason
    }

    var revealReason: String? {
        if isRevealed { return nil }
        if let reason = policy.readOnlyReason { return "read-only: a reveal has to be recorded (\(reason))" }
        return changeReason ?? store.capabilities.audit.reason ?? noSessionReason
    }
}
