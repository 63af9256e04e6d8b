internal import Sessions

extension State {
    /// The marked sessions, in the order listed and then those that the list hides; or the one under the cursor.
    func freezeSelected() -> FrozenSet {
        guard navigation.place.scope == .list, list.markCount > 0 else {
            return freeze(currentSession.map { [$0] } ?? [], from: .sessions)
        }
        var frozen = freeze(list.table.markedSlots, from: .sessions)
        frozen.areMarked = true
        frozen.sparesCursor = currentSession.map { !list.table.isMarked($0) } ?? false
        return frozen
    }

    /// The live sessions that a source means now.
    func freeze(_ source: FrozenSet.Source) -> FrozenSet {
        freeze(list.table.sortedByID(members(of: source)), from: source)
    }

    /// The live rows that a source means now; for `sessions`, there is nothing to ask.
    private func members(of source: FrozenSet.Source) -> SlotSet {
        switch source {
        case .sessions: SlotSet(capacity: 0)
        case .user(let name): list.table.live(matching: SessionList.Scope.user(name).narrow(.everything))
        case .matching(let text):
            FilterInput(text).filter.map { list.table.live(matching: $0) } ?? SlotSet(capacity: 0)
        case .everyone: list.table.live(matching: .everything)
        }
    }

    private func freeze(_ ids: [IDHash], from source: FrozenSet.Source) -> FrozenSet {
        let live = ids.filter { !hasEnded($0) }
        var frozen = freeze(live, in: live.compactMap { list.table.columns.slot(of: $0) }, from: source)
        frozen.endedCount = ids.count - live.count
        return frozen
    }

    private func freeze(_ slots: [SessionColumns.Slot], from source: FrozenSet.Source) -> FrozenSet {
        let live = slots.filter { list.table.isLive($0, at: now.wall) }
        var frozen = freeze(live.map { list.table.columns.ids[Int($0)] }, in: live, from: source)
        // Who means a user's live sessions doesn't ask for those that have ended.
        if source == .sessions { frozen.endedCount = slots.count - live.count }
        return frozen
    }

    /// Whether a session is known to have ended: what has ended stays in the list for a while.
    private func hasEnded(_ id: IDHash) -> Bool {
        if let slot = list.table.columns.slot(of: id) { return !list.table.isLive(slot, at: now.wall) }
        return inspectedRow(id).map { $0.standing(at: now.wall) != .live } ?? false
    }

    private func freeze(
        _ ids: [IDHash], in slots: [SessionColumns.Slot], from source: FrozenSet.Source
    ) -> FrozenSet {
        let tally = list.table.tally(slots)
        let live = max(list.table.liveCount, statistics.latest?.sessions ?? 0)
        return FrozenSet(
            source: source, ids: ids, at: now, lines: ids.prefix(FrozenSet.lineLimit).map(line),
            // One that isn't held at all is hidden, too.
            hiddenCount: ids.count - tally.shown,
            byNode: tally.nodes, userCount: tally.users,
            share: live > 0 ? Double(ids.count) / Double(live) : 0)
    }

    private func line(_ id: IDHash) -> FrozenSet.Line {
        let row = list.table.row(of: id) ?? inspectedRow(id) ?? SessionRow(id: id)
        return FrozenSet.Line(id: id, user: row.user, ip: row.ip, node: row.node, deadlines: row.deadlines)
    }

    /// A session that the table doesn't hold may still be shown in detail.
    func inspectedRow(_ id: IDHash) -> SessionRow? {
        guard inspector.id == id, case .loaded(let session, _) = inspector.content else { return nil }
        return session.detail.row
    }

    /// Tells an open dialog what has changed since its sessions were frozen.
    mutating func refreshDrift() {
        guard case .dialog(let dialog) = overlay else { return }
        switch dialog {
        case .revoke(var revoke):
            follow(&revoke.frozen)
            overlay = .dialog(.revoke(revoke))
        case .extend(var extend):
            follow(&extend.frozen)
            overlay = .dialog(.extend(extend))
        case .reveal, .export, .steer: break
        }
    }

    /// What has become of the sessions; which of them are acted on stays as it was.
    private func follow(_ frozen: inout FrozenSet) {
        frozen.drift = drift(of: frozen)
        for place in frozen.lines.indices {
            let id = frozen.lines[place].id
            guard let row = list.table.row(of: id) ?? inspectedRow(id) else { continue }
            frozen.lines[place].deadlines = row.deadlines
            frozen.lines[place].state = row.standing(at: now.wall)
        }
    }

    func drift(of frozen: FrozenSet) -> FrozenSet.Drift {
        guard frozen.source != .sessions else {
            return FrozenSet.Drift(added: 0, gone: frozen.ids.count { !isLive($0) })
        }
        let present = members(of: frozen.source)
        let kept = frozen.ids.reduce(0) { count, id in
            count + (list.table.columns.slot(of: id).map(present.contains) == true ? 1 : 0)
        }
        return FrozenSet.Drift(added: present.count - kept, gone: frozen.count - kept)
    }

    /// How many sessions a revoke would end by now: of exactly these, or by the rule.
    func liveCount(of dialog: RevokeDialog) -> Int {
        switch dialog.target {
        case .sessions(let ids): ids.count { isLive($0) }
        case .user, .everyone: freeze(dialog.frozen.source).count
        }
    }

    /// Whether a session of a dialog is live by now: what the list holds no more is gone, unless it is shown in detail.
    private func isLive(_ id: IDHash) -> Bool {
        if let slot = list.table.columns.slot(of: id) { return list.table.isLive(slot, at: now.wall) }
        return inspectedRow(id).map { $0.standing(at: now.wall) == .live } ?? false
    }

    /// The set anew, as its source means it now; marked ones that have ended are left out.
    func refreeze(_ frozen: FrozenSet) -> FrozenSet {
        guard frozen.source == .sessions else { return freeze(frozen.source) }
        var anew = freeze(frozen.ids.filter { list.table.isLive($0) }, from: .sessions)
        (anew.areMarked, anew.sparesCursor) = (frozen.areMarked, frozen.sparesCursor)
        return anew
    }
}
