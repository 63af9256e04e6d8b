internal import Sessions

extension State {
    /// Begins a change; nothing is said to be done before it is heard of.
    mutating func begin(_ kind: Job.Kind, title: String, total: Int, reason: String) -> [Effect] {
        let id = jobs.next
        let order = order(reason)
        jobs.next = JobID(id.number + 1)
        jobs.jobs.append(
            Job(
                id: id, kind: kind, title: title, users: namesOfUsers(in: kind),
                meaning: store.capabilities.revokeMeaning, tellsNodes: store.capabilities.nodes.isPossible,
                order: order, began: now, total: total, stageAt: now))
        jobs.trim()
        switch kind {
        case .revoke(let target): return [.revoke(id, target, order)]
        case .extend(let ids, let deadline): return [.extend(id, ids, deadline, order)]
        }
    }

    /// Whose the sessions are that an extend is for: a store's answer to one doesn't tell.
    private func namesOfUsers(in kind: Job.Kind) -> [IDHash: String] {
        guard case .extend(let ids, _) = kind else { return [:] }
        return ids.prefix(Job.lineLimit).reduce(into: [:]) { users, id in
            users[id] = (list.table.row(of: id) ?? inspectedRow(id))?.user
        }
    }

    /// Takes in what is heard of a change.
    mutating func hear(_ event: JobEvent, of id: JobID) -> [Effect] {
        guard var job = jobs[id] else { return [] }
        defer { jobs.trim() }
        let effects = job.hear(event, at: now)
        jobs[id] = job
        if let (text, level) = job.announcement(of: event) { say(text, level) }
        guard let settled = job.settled(by: event) else { return effects }
        return effects + settle(settled)
    }

    /// A change is committed: the store is asked what became of the rows.
    ///
    /// The marks of sessions that have an outcome are done with; what was not done stays marked, to carry on with.
    private mutating func settle(_ ids: [IDHash]) -> [Effect] {
        for id in ids { list.table.setMark(id, to: false) }
        list.countMarks()
        return reload(isChanged: true)
    }
}

extension JobList {
    /// Lets the oldest finished jobs go.
    mutating func trim() {
        while jobs.count > Self.limit, let oldest = jobs.firstIndex(where: \.isOver) { jobs.remove(at: oldest) }
    }
}
