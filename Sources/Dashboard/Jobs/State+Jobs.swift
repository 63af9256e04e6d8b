internal import Sessions

extension State {
    /// Begins a change; nothing is said to be done before it is heard of.
    mutating func begin(_ kind: Job.Kind, title: String, total: Int, reason: String) -> [Effect] {
        let id = jobs.next
        let order = order(reason)
        jobs.next = JobID(id.number + 1)
        jobs.jobs.append(
            Job(id: id, kind: kind, title: title, order: order, began: now, total: total, stageAt: now))
        jobs.trim()
        switch kind {
        case .revoke(let target): return [.revoke(id, target, order)]
        case .extend(let ids, let deadline): return [.extend(id, ids, deadline, order)]
        }
    }

    /// Takes in what is heard of a change.
    mutating func hear(_ event: JobEvent, of id: JobID) -> [Effect] {
        guard var job = jobs[id] else { return [] }
        defer { jobs.trim() }
        let effects = job.hear(event, at: now)
        jobs[id] = job
        if let (text, level) = job.announcement(of: event) { say(text, level) }
        if job.isSettled(by: event) { return effects + settle(job) }
        return effects
    }

    /// A change is committed: the marks it was for are done with, and the store is asked what became of the rows.
    private mutating func settle(_ job: Job) -> [Effect] {
        switch job.kind {
        case .revoke(.sessions(let ids)), .extend(let ids, _): for id in ids { list.table.setMark(id, to: false) }
        default: break
        }
        list.countMarks()
        return refresh()
    }
}

extension JobList {
    /// Lets the oldest finished jobs go.
    mutating func trim() {
        while jobs.count > Self.limit, let oldest = jobs.firstIndex(where: \.isOver) { jobs.remove(at: oldest) }
    }
}
