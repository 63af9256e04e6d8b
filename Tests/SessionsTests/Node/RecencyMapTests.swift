import SessionTesting
import Testing

@testable import Sessions

@Suite("Values by recency")
struct RecencyMapTests {
    /// The same by a plain array: the newest first.
    struct Reference {
        var items: [(id: IDHash, value: Int, size: Int)] = []
        let limit: Int

        mutating func insert(_ id: IDHash, _ value: Int, _ size: Int) {
            items.removeAll { $0.id == id }
            guard size <= limit else { return }
            while items.reduce(size, { $0 + $1.size }) > limit { items.removeLast() }
            items.insert((id, value, size), at: 0)
        }

        mutating func use(_ id: IDHash) {
            guard let index = items.firstIndex(where: { $0.id == id }) else { return }
            items.insert(items.remove(at: index), at: 0)
        }
    }

    @Test("It agrees with a plain list through any sequence of operations", arguments: 0..<20)
    func agreesWithReference(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var map = RecencyMap<Int>(byteLimit: 100)
        var reference = Reference(limit: 100)
        for step in 0..<2000 {
            let id = anID(Int.random(in: 0..<30, using: &generator))
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<5:
                let size = Int.random(in: 1...(step % 50 == 0 ? 120 : 30), using: &generator)
                map.insert(step, for: id, byteCount: size)
                reference.insert(id, step, size)
            case 5..<8:
                if let place = map.place(of: id) { _ = map.use(place) }
                reference.use(id)
            default:
                map.remove(id)
                reference.items.removeAll { $0.id == id }
            }
            #expect(map.count == reference.items.count)
            #expect(map.byteCount == reference.items.reduce(0) { $0 + $1.size })
            #expect(map.value(of: id) == reference.items.first { $0.id == id }?.value)
        }
        #expect(Set(map.ids) == Set(reference.items.map(\.id)))
    }

    @Test("The oldest go as long as they are of no use")
    func removeOldest() {
        var map = RecencyMap<Int>(byteLimit: 100)
        for number in 0..<10 { map.insert(number, for: anID(number), byteCount: 1) }
        #expect(map.removeOldest(limit: 3) { $0 < 5 } == 3)
        #expect(map.removeOldest(limit: 100) { $0 < 5 } == 2)
        #expect(map.count == 5)
        #expect(map.removeOldest(limit: 100) { _ in true } == 5)
        #expect(map.byteCount == 0)
    }
}
