internal import Synchronization

/// What a store that lies elsewhere was asked over all of its connections, since it was opened.
public struct StoreTraffic: Sendable, Equatable {
    /// Commands or statements that the server answered.
    public var commands: Int64
    /// Bytes sent and received, before encryption; `nil`: they aren't counted.
    public var bytes: Int64?

    /// Makes one.
    public init(commands: Int64, bytes: Int64?) { (self.commands, self.bytes) = (commands, bytes) }

    /// What was asked since an earlier state.
    public static func - (later: StoreTraffic, earlier: StoreTraffic) -> StoreTraffic {
        StoreTraffic(
            commands: later.commands - earlier.commands,
            bytes: later.bytes.flatMap { bytes in earlier.bytes.map { bytes - $0 } })
    }

    /// What was asked of two together.
    public static func + (a: StoreTraffic, b: StoreTraffic) -> StoreTraffic {
        StoreTraffic(commands: a.commands + b.commands, bytes: a.bytes.flatMap { bytes in b.bytes.map { bytes + $0 } })
    }
}

/// Counts what goes over the connections of one client.
package final class TrafficMeter: Sendable {
    private let commands = Atomic<Int64>(0)
    private let bytes = Atomic<Int64>(0)
    private let countsBytes: Bool

    /// Begins at zero.
    ///
    /// - Parameter countsBytes: whether its connections know how many bytes they send and receive.
    package init(countsBytes: Bool) { self.countsBytes = countsBytes }

    /// What was counted so far.
    package var traffic: StoreTraffic {
        StoreTraffic(
            commands: commands.load(ordering: .relaxed), bytes: countsBytes ? bytes.load(ordering: .relaxed) : nil)
    }

    /// Counts commands that were answered.
    package func count(commands count: Int) { commands.add(Int64(count), ordering: .relaxed) }

    /// Counts bytes that were sent or received.
    package func count(bytes count: Int) { bytes.add(Int64(count), ordering: .relaxed) }
}
