import Screen
import Sessions
import Testing

@testable import Dashboard

@Suite("Nodes that report anything")
struct HostileNodesTests {
    @Test("However many peers refuse a drain, a line says how many sessions are missing", arguments: 0...20)
    func drainAndMissing(rows: Int) throws {
        var drain = DrainReport()
        for peer in 10...21 { drain.failures["web-\(peer)"] = "it is full" }
        var node = FixtureNodes.inMemory[2]
        (node.drain, node.missing) = (drain, FixtureNodes.inMemory[1].missing)
        #expect(node.missing.count == 5)
        var state = Fixture.state()
        _ = state.update(.nodes([node]))
        let lines = NodeMemory(state).missingLines(node, in: Size(columns: 60, rows: rows))
        #expect(lines.count <= max(1, rows))
        let last = try #require(lines.last).map(\.text).joined()
        // One line of the drain and twelve of its failures go before.
        switch rows {
        case ...14: #expect(last == "5 sessions missing")
        case 15...17: #expect(last == "and \(5 - (rows - 14)) more")
        default: #expect(last.contains("\(node.missing[4].id.handle)"))
        }
    }

    @Test("Counters, positions and leases at their ends are drawn in every view", arguments: [Int64.max, .min, -1])
    func extremes(value: Int64) {
        for isInMemory in [true, false] {
            let reports = Self.reports(value, isInMemory: isInMemory)
            for size in Scene.sizes {
                var state = Fixture.state(size)
                _ = state.update(.nodes(reports))
                _ = state.update(.samples(Self.samples(of: reports)))
                for place in ["1", "3", "4jj", "4w"] {
                    #expect(render(state.pressing(place), size: size).size == size)
                }
            }
        }
    }

    /// So many that their sums would overflow; some of them are silent.
    private static func reports(_ value: Int64, isInMemory: Bool) -> [NodeReport] {
        var counters = Counters()
        for name in Counters.Name.allCases where isInMemory || !name.rawValue.hasPrefix("memory") {
            counters[name] = value
        }
        counters[.verifier] = 0
        let moment = Timestamp(milliseconds: value)
        let heartbeats: [Timestamp] = [Fixture.now, Fixture.now - .seconds(60), moment]
        let latency = NodeReport.Latency(p50: Int(value), p99: Int(value))
        return (0..<600).map { (number: Int) -> NodeReport in
            NodeReport(
                id: "node-\(number)", started: moment, heartbeat: heartbeats[number % 3],
                applied: FeedPosition(number % 2 == 0 ? value : 0), lease: .milliseconds(value), counters: counters,
                latency: latency)
        }
    }

    /// Each node begins anew three times, and counts all that it can each time.
    private static func samples(of reports: [NodeReport]) -> [CounterSample] {
        var samples: [CounterSample] = []
        for step in 0..<6 {
            for report in reports {
                let counters = step % 2 == 0 ? Counters() : report.counters
                samples.append(
                    CounterSample(
                        node: report.id, started: Timestamp(milliseconds: Int64(step / 2)),
                        at: Fixture.now - .seconds(8 - step), counters: counters))
            }
        }
        return samples
    }
}
