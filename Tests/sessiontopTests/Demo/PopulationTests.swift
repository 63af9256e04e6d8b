import Testing

@testable import sessiontop

@Suite("The demo's population")
struct PopulationTests {
    @Test("No two users share a name")
    func namesAreUnique() {
        #expect(Set((0..<20_000).map(UserNames.name(rank:))).count == 20_000)
    }

    @Test("The same seed gives the same population, another seed another", arguments: [1, 2, 99] as [UInt64])
    func seedDecides(seed: UInt64) {
        func devices(_ seed: UInt64) -> [Population.Device] {
            var generator = SeededGenerator(seed: seed)
            return Population(userCount: 50, using: &generator).devices
        }
        #expect(devices(seed) == devices(seed))
        #expect(devices(seed) != devices(seed + 1))
    }

    @Test("Every device belongs to one user, or is a visitor's", arguments: [1, 2, 3, 1000])
    func ownershipIsAPartition(users: Int) {
        var generator = SeededGenerator(seed: 7)
        let population = Population(userCount: users, using: &generator)
        #expect(population.ownership.count == users)
        for (rank, range) in population.ownership.enumerated() {
            #expect((1...3).contains(range.count))
            #expect(population.devices[range].allSatisfy { $0.rank == rank })
        }
        #expect(population.ownership.map(\.count).reduce(population.visitors.count, +) == population.devices.count)
        #expect(population.devices[population.visitors].allSatisfy { $0.rank == nil })
        #expect(!population.visitors.isEmpty)
    }

    @Test("An alias table draws every index as often as its weight says")
    func aliasTableKeepsWeights() {
        let weights: [Double] = [5, 0, 1, 3, 0.5, 0.5]
        let table = AliasTable(weights: weights)
        var generator = SeededGenerator(seed: 11)
        var counts = Array(repeating: 0, count: weights.count)
        for _ in 0..<100_000 { counts[table.draw(using: &generator)] += 1 }
        #expect(counts[1] == 0)
        // The seed is fixed, so this can't fail by chance; five standard deviations leave room for another generator.
        for (count, weight) in zip(counts, weights) { #expect(abs(Double(count) / 100_000 - weight / 10) < 0.008) }
    }

    @Test("Of a thousand users, the busiest makes about a seventh of the requests")
    func zipf() {
        let table = AliasTable.zipf(count: 1000, exponent: 1)
        var generator = SeededGenerator(seed: 5)
        let first = (0..<50_000).count { _ in table.draw(using: &generator) == 0 }
        #expect((6000...7400).contains(first))
    }

    @Test("Addresses come from nets that are nobody's")
    func addressesAreReserved() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<5000 {
            for address in [Addresses.draw(using: &generator), Addresses.drawForThief(using: &generator)] {
                let isReserved = ["192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:", "10.", "100."].contains {
                    address.hasPrefix($0)
                }
                #expect(isReserved, "\(address)")
            }
        }
    }

    @Test("There are many user agents, and no form is left with a blank")
    func agentsVary() {
        var generator = SeededGenerator(seed: 3)
        let agents = Set((0..<2000).map { _ in UserAgents.draw(using: &generator) })
        #expect(agents.count > 60)
        #expect(agents.allSatisfy { !$0.contains("{") })
    }

    @Test("A cart is read back as it was written, whatever was put in")
    func cartRoundTrips() throws {
        var generator = SeededGenerator(seed: 8)
        var cart = Cart.empty(using: &generator)
        for _ in 0..<200 {
            let read = try #require(Cart(bytes: cart.bytes))
            #expect(read == cart)
            #expect(cart.items.count <= Cart.longest)
            cart.add(Products.draw(using: &generator))
        }
    }

    @Test("What isn't a cart is no cart", arguments: ["", "{}", "[]", #"{"cart":[{}],"csrfToken":"x","locale":"en"}"#])
    func foreignPayload(text: String) {
        #expect(Cart(bytes: Array(text.utf8)) == nil)
    }
}
