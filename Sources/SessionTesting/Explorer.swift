/// Something that goes on in steps, where at each point any of several things may happen next.
package protocol Explorable {
    associatedtype Key: Hashable

    /// What tells two states apart: equal keys have equal futures.
    var key: Key { get }
    /// What must never be has happened.
    var violation: Bool { get }
    /// Every state that one step of somebody makes of this one.
    var successors: [Self] { get }
}

/// Runs every interleaving of a world's actors.
///
/// A world that was met before isn't run again, only counted.
package struct Explorer<World: Explorable> {
    /// How many different orders of steps there are, from the beginning until nobody can act.
    package private(set) var interleavings = 0.0
    /// The steps of the longest.
    package private(set) var depth = 0
    /// How many different worlds were met.
    package var worlds: Int { seen.count }
    /// The steps of a shortest found way to a violation; `nil`: there is none.
    package private(set) var violation: Int?

    private var seen: [World.Key: (interleavings: Double, depth: Int)] = [:]
    private let stopsAtViolation: Bool

    /// Explores a world, to the end of every order of steps.
    package init(_ world: World, stopsAtViolation: Bool) {
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

    /// A line of the table that README shows.
    package func report(_ rules: String, _ world: String) {
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - text.count))
        }
        let verdict = violation.map { "broken, by \($0) steps" } ?? "safe, \(depth) steps deep"
        let counts = "\(Int64(interleavings)) interleavings, \(worlds) worlds"
        print(padded(rules, 56), padded(world, 24), padded(verdict, 22), counts)
    }
}
