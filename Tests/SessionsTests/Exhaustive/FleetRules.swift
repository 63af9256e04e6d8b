/// The rules by which nodes share a cache: those that ship, or those with one of them broken.
enum FleetRules: String, CaseIterable, Sendable {
    case shipping = "the rules that ship"
    case ignoreLease = "answer from L2 without the feed's lease"
    case forgetRevokes = "trust tombstones, not the feed"
    case forgetTooSoon = "forget a revoke a tick too soon"
    case ignoreAge = "serve a copy past its own end"
    case trustAtStart = "trust L2 before reading the feed back"
    case refuseLate = "no request comes after the revoke"
    case ignoreSeen = "serve any copy, whatever its client has seen"
    case joinWhatever = "join a read whatever it finds"
}

/// A world of nodes to explore, by name.
struct NamedFleet: Sendable {
    let name: String
    let budget: FleetWorld.Budget

    /// Whatever stands in L2 is evicted.
    static let evictions = NamedFleet(
        name: "L2, evictions", budget: FleetWorld.Budget(requests: [1, 1], polls: [1, 1], ticks: 0, evictions: 1))
    /// The tombstone never arrives: the copy stands in L2 until its end.
    static let lostTombstone = NamedFleet(
        name: "L2, tombstone lost",
        budget: FleetWorld.Budget(
            requests: [0, 2], polls: [0, 2], ticks: 2, losesTombstone: true, isWarm: true))
    /// The same, until every node has forgotten the revoke.
    static let forgotten = NamedFleet(
        name: "L2, forgotten",
        budget: FleetWorld.Budget(
            requests: [0, 1], polls: [0, 2], ticks: 3, losesTombstone: true, isWarm: true))
    /// L2 falls back to an older state, whatever that was.
    static let failover = NamedFleet(
        name: "L2, failover", budget: FleetWorld.Budget(requests: [1, 1], polls: [1, 1], ticks: 0, failovers: 1))
    /// A save between, on the node that revokes.
    static let saves = NamedFleet(
        name: "L2, saves",
        budget: FleetWorld.Budget(requests: [0, 1], polls: [1, 1], ticks: 0, saves: 1, isWarm: true))
    /// A save between, and a client that goes from node to node.
    static let wanderer = NamedFleet(
        name: "L2, saves, a client that goes from node to node",
        budget: FleetWorld.Budget(requests: [1, 3], polls: [0, 0], ticks: 0, saves: 1, isWarm: true))
    /// The second node begins anew.
    static let restart = NamedFleet(
        name: "L2, restart",
        budget: FleetWorld.Budget(
            requests: [0, 2], polls: [1, 2], ticks: 0, restarts: 1, losesTombstone: true, isWarm: true))

    static let all = [evictions, lostTombstone, forgotten, failover, saves, wanderer, restart]
}
