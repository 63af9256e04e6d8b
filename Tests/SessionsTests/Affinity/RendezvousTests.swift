import Testing

@testable import Sessions

@Suite("Rendezvous hashing")
struct RendezvousTests {
    let names = (1...10).map { "web-\($0)" }
    let ids = (0..<20_000).map { anID($0) }

    @Test("Losing one of ten nodes moves its sessions alone, each to its second choice")
    func losingANode() throws {
        let all = Rendezvous(nodes: names)
        for lost in names {
            let fewer = Rendezvous(nodes: names.filter { $0 != lost })
            for id in ids.prefix(2000) {
                let before = try #require(all.choices(of: id))
                let after = try #require(fewer.owner(of: id))
                #expect(after == (before.first == lost ? before.second : before.first))
            }
        }
    }

    @Test("Every node has its share, first and second choices alike")
    func balance() throws {
        let rendezvous = Rendezvous(nodes: names)
        var first: [String: Int] = [:]
        var second: [String: Int] = [:]
        for id in ids {
            let choices = try #require(rendezvous.choices(of: id))
            first[choices.first, default: 0] += 1
            second[try #require(choices.second), default: 0] += 1
        }
        // 2,000 each, with a standard deviation of 42: five of them either way.
        for name in names {
            #expect((1790...2210).contains(first[name] ?? 0))
            #expect((1790...2210).contains(second[name] ?? 0))
        }
    }

    @Test("The order of the nodes and repeated names are of no matter")
    func orderIndependent() {
        let reordered = Rendezvous(nodes: names.reversed() + names)
        #expect(reordered == Rendezvous(nodes: names))
        for id in ids.prefix(500) { #expect(reordered.owner(of: id) == Rendezvous(nodes: names).owner(of: id)) }
    }

    @Test("No nodes, no owner; one node owns everything and has no second")
    func smallFleets() throws {
        #expect(Rendezvous(nodes: []).owner(of: anID(1)) == nil)
        let choices = try #require(Rendezvous(nodes: ["a"]).choices(of: anID(1)))
        #expect(choices.first == "a")
        #expect(choices.second == nil)
    }

    @Test("Names are told apart by their bytes")
    func canonicalEquivalents() {
        #expect(Rendezvous(nodes: ["\u{e9}", "e\u{301}"]).nodes.count == 2)
    }

    @Test("Every process deals out alike: the owners of some sessions are these")
    func stable() {
        let rendezvous = Rendezvous(nodes: ["web-1", "web-2", "web-3"])
        #expect((0..<12).map { rendezvous.owner(of: anID($0))?.last.map(String.init) } == Self.golden)
    }

    private static let golden: [String?] = ["1", "2", "2", "1", "3", "1", "3", "2", "1", "3", "2", "1"]
}
