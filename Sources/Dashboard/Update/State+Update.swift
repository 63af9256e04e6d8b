internal import Sessions

extension State {
    /// What to do first.
    public mutating func start() -> [Effect] { [.listThemes] + beginLoading() + poll() }

    /// Takes in what happened, and says what is to be done about it.
    ///
    /// - Parameter action: what happened.
    /// - Returns: what is to be done, in order.
    public mutating func update(_ action: Action) -> [Effect] {
        let effects = react(to: action) + readTokens(after: action) + readOutcomes()
        refreshProblem()
        awaited += effects.count { $0.isAwaited }
        keepInView()
        return effects
    }

    private mutating func react(to action: Action) -> [Effect] {
        switch action {
        case .key(let key): return press(key)
        case .tick(let moment): return tick(moment)
        case .resize(let size): self.size = size
        case .asked(let cost):
            self.cost.add(
                operations: cost.operations, rows: cost.rows, name: cost.name, took: cost.took,
                traffic: cost.traffic, at: now)
            switch cost.name {
            case Poll.changesName: connection.changesTook = cost.took
            case Poll.rowsName where !followsChanges: connection.latency = cost.took
            case Poll.statisticsName: statistics.took = cost.took
            default: break
            }
        case .detail(let id, let content): showDetail(id, content)
        case .families(let readings, let failure): take(readings, failure: failure)
        case .revealed(let id): reveal(id)
        case .job(let id, let event): return hear(event, of: id)
        case .steered(let node, let wanted, let failure): return steered(node, wanted, failure: failure)
        case .finished: awaited = max(0, awaited - 1)
        case .themes(let names, let current): (theme.name, theme.names) = (current, names)
        case .contextOpened(let name): return enterContext(name)
        case .message(let text, let level): say(text, level)
        default: return take(action)
        }
        return []
    }

    /// What the store answered.
    private mutating func take(_ answer: Action) -> [Effect] {
        switch answer {
        case .loadingBegan(let position, let generation): loadingBegan(position, generation)
        case .page(let page, let generation): return take(page, generation)
        case .loadingFailed(let reason, let generation): loadingFailed(reason, generation)
        case .changes(let changes): return take(changes)
        case .statistics(let counts): take(counts)
        case .statisticsFailed(let reason): countingFailed(reason)
        case .nodes(let reports): take(reports)
        case .samples(let samples): take(samples)
        case .audit(let entries): take(entries)
        case .outcomes(let number, let outcomes, let next): take(outcomes, next: next, of: number)
        case .polled(let duration): polled(duration)
        case .pollFailed(let reason): pollFailed(reason)
        default: break
        }
        return []
    }
}
