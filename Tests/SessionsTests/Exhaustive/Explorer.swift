@testable import Sessions

/// Runs every interleaving of a world's actors.
///
/// A world that was met before isn't run again, only counted.
struct Explorer {
    /// How many different orders of steps there are, from the beginning until nobody can act.
    private(set) var interleavings = 0.0
    /// The steps of the longest.
    private(set) var depth = 0
    /// How many different worlds were met.
    var worlds: Int { seen.count }
    /// The steps of a shortest found way to a violation; `nil`: there is none.
    private(set) var violation: Int?

    private var seen: [World.Key: (interleavings: Double, depth: Int)] = [:]
    private let stopsAtViolation: Bool

    /// Explores a world, to the end of every order of steps.
    init(_ world: World, stopsAtViolation: Bool) {
        self.stopsAtViolation = stopsAtViolation
        (interleavings, depth) = explore(world, 0)
    }

    private mutating func explore(_ world: World, _ steps: Int) -> (interleavings: Double, depth: Int) {
        if world.violation {
            violation = min(violation ?? steps, steps)
            return (1, 0)
        }
        if stopsAtViolation, violation != nil { return (1, 0) }
        let key = world.key
        if let known = seen[key] { return known }
        var result = (interleavings: 0.0, depth: 0)
        for next in world.successors {
            let below = explore(next, steps + 1)
            result = (result.interleavings + below.interleavings, max(result.depth, below.depth + 1))
        }
        if result.depth == 0 { result.interleavings = 1 }
        seen[key] = result
        return result
    }
}
