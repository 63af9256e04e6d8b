internal import Sessions

extension State {
    mutating func togglePause() {
        polling.isPaused.toggle()
        say(polling.isPaused ? "paused: what is shown holds still, p goes on" : "going on")
        polling.due = now.monotonic
    }

    /// Asks for everything now.
    mutating func refresh() -> [Effect] {
        guard connection.pollBegan == nil else {
            polling.due = now.monotonic
            return []
        }
        var effects = poll()
        if let id = inspector.id { effects.append(.loadDetail(id)) }
        return effects
    }

    /// Asks for everything now, also for all rows where nothing else tells what changed.
    ///
    /// - Parameter isChanged: whether rows were changed: a reading that is under way may have passed them.
    /// - Returns: what is to be asked.
    mutating func reload(isChanged: Bool) -> [Effect] {
        let effects = refresh()
        guard !followsChanges, !polling.isPaused, isChanged || !polling.isPageAsked else { return effects }
        return effects + beginLoading()
    }

    mutating func stepInterval(by step: Int) {
        let steps = Polling.intervals
        let place = steps.lastIndex { $0 <= polling.interval } ?? 0
        setInterval(steps[min(max(place + step, 0), steps.count - 1)])
    }

    mutating func setInterval(_ text: String) {
        guard let seconds = Double(text), seconds >= 0.5, seconds <= 3600 else {
            return say("interval: type seconds, from 0.5 to 3600", .warning)
        }
        setInterval(.milliseconds(Int64(seconds * 1000)))
    }

    private mutating func setInterval(_ interval: Duration) {
        polling.interval = interval
        polling.due = now.monotonic + interval
        let tenths = interval.wholeMilliseconds / 100
        say("asking the store every \(tenths / 10)\(tenths % 10 == 0 ? "" : ".\(tenths % 10)") s")
    }

    mutating func take(_ counts: StoreStatistics) {
        statistics.isAsked = false
        guard !polling.isPaused else { return }
        statistics.latest = counts
        // What the store counted while it went through its sessions may be seconds old.
        if polling.holdsAll { statistics.latest?.take(list.table.totals()) }
        statistics.askAgain = now.monotonic + statistics.rest(holdingAll: polling.holdsAll)
    }

    /// The last counts stay.
    mutating func countingFailed(_ reason: String) {
        statistics.isAsked = false
        statistics.askAgain = now.monotonic + Polling.reloadAfter
        // A connection that is lost has been told of.
        if connection.error == nil { say("the sessions could not be counted: \(reason)", .warning) }
    }
}

extension StatisticsHistory {
    /// Keeps the counts of a good poll for the graphs.
    mutating func notePoll(at now: Moment, took: Duration?, followsGap: Bool) {
        guard let latest else { return }
        points.append(
            Point(
                at: now, sessions: latest.sessions, users: latest.users, latency: took, followsGap: followsGap))
    }
}

extension StoreStatistics {
    /// Takes over what the rows that are held tell of the live sessions.
    mutating func take(_ totals: SessionTotals) {
        sessions = totals.live
        users = totals.users
        anonymous = totals.anonymous
        withoutExpiry = totals.withoutExpiry
        expiringIn5Minutes = totals.expiringIn5Minutes
        expiringIn1Hour = totals.expiringIn1Hour
        payloadBytes = totals.payloadBytes
    }
}
