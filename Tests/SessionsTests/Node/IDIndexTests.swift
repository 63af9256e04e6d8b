import SessionTesting
import Testing

@testable import Sessions

@Suite("Places by id")
struct IDIndexTests {
    @Test("It agrees with a dictionary through any sequence of insertions and removals", arguments: 0..<20)
    func agreesWithDictionary(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var index = IDIndex()
        var reference: [IDHash: Int] = [:]
        let ids = (0..<(seed % 2 == 0 ? 40 : 2000)).map { anID($0) }
        for _ in 0..<5000 {
            let place = Int.random(in: ids.indices, using: &generator)
            let id = ids[place]
            if reference[id] == nil, Bool.random(using: &generator) {
                index.insert(place, for: id) { ids[$0] }
                reference[id] = place
            } else {
                #expect(index.remove(id) { ids[$0] } == reference.removeValue(forKey: id))
            }
            #expect(index.count == reference.count)
        }
        for id in ids { #expect(index.place(of: id) { ids[$0] } == reference[id]) }
    }

    @Test("Ids that share their first bits find their places all the same")
    func clustered() {
        let ids = (0..<500).compactMap { number in
            IDHash(digest: Array(repeating: 0, count: 30) + [UInt8(number / 256), UInt8(number % 256)])
        }
        var index = IDIndex()
        for (place, id) in ids.enumerated() { index.insert(place, for: id) { ids[$0] } }
        for (place, id) in ids.enumerated() { #expect(index.place(of: id) { ids[$0] } == place) }
        for id in ids.dropLast() { #expect(index.remove(id) { ids[$0] } != nil) }
        #expect(index.place(of: ids[499]) { ids[$0] } == 499)
    }
}
