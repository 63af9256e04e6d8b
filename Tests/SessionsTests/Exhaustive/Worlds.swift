import Testing

@testable import Sessions

/// A world to explore, by name.
struct NamedWorld: Sendable, CustomTestStringConvertible {
    let name: String
    let budget: World.Budget

    var testDescription: String { name }

    static let reads = NamedWorld(name: "reads", budget: World.Budget(requests: 3, polls: 2, ticks: 4))
    static let warm = NamedWorld(name: "warm", budget: World.Budget(requests: 2, polls: 2, ticks: 4, isWarm: true))
    static let saves = NamedWorld(
        name: "saves", budget: World.Budget(requests: 1, polls: 2, ticks: 3, saves: 1, isWarm: true))
    static let touches = NamedWorld(name: "touches", budget: World.Budget(requests: 2, polls: 1, ticks: 3, touches: 1))
    static let evictions = NamedWorld(
        name: "evictions", budget: World.Budget(requests: 3, polls: 1, ticks: 3, evictions: 1))
    static let here = NamedWorld(
        name: "revoked or rotated here", budget: World.Budget(requests: 3, polls: 1, ticks: 3, isRevokedHere: true))
    static let cutoff = NamedWorld(
        name: "cut-off", budget: World.Budget(requests: 3, polls: 1, ticks: 3, isCutoff: true, isWarm: true))
    static let cutoffs = NamedWorld(
        name: "cut-offs of two users",
        budget: World.Budget(requests: 2, polls: 2, ticks: 3, isCutoff: true, otherCutoffs: 1, isWarm: true))
    static let strict = NamedWorld(name: "strict", budget: World.Budget(requests: 3, polls: 1, ticks: 2, lease: 0))

    static let all = [reads, warm, saves, touches, evictions, here, cutoff, cutoffs, strict]
}
