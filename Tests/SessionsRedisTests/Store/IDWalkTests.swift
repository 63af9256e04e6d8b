import Sessions
import Testing

@testable import SessionsRedis

@Suite("A walk through all ids")
struct IDWalkTests {
    /// A server that knows so many ids, in their order.
    private static let all = (0..<14).map { IDHash(hashing: [$0]) }.sorted()

    /// Every number of ids, limit and size of slices, and every order of answers and slices.
    @Test("Gives each id once and in order, up to the limit, and says whether there are more")
    func everyWorld() {
        var worlds = 0
        for count in 0...Self.all.count {
            for limit in 1...(count + 2) {
                for slice in 1...3 {
                    let server = Array(Self.all.prefix(count))
                    for pattern in 0..<16 {
                        let (given, mark) = walk(server, limit: limit, slice: slice, pattern: pattern)
                        #expect(given == Array(server.prefix(limit)))
                        #expect(mark == (count > limit ? server[limit - 1].bytes : nil))
                        worlds += 1
                    }
                }
            }
        }
        #expect(worlds > 5000)
    }

    @Test("Goes on behind a mark, and ends where there is nothing behind it")
    func marks() {
        var (given, mark) = ([IDHash](), [UInt8]?.none)
        repeat {
            let page = walk(Self.all, after: mark, limit: 3, slice: 2, pattern: 5)
            given += page.given
            mark = page.mark
        } while mark != nil
        #expect(given == Self.all)
        #expect(walk(Self.all, after: Self.all.last?.bytes, limit: 3, slice: 2, pattern: 0).given == [])
    }

    @Test("Never asks for more ids than it may give out, and one: a page of ten reads eleven of a million")
    func asksForLittle() {
        var walk = IDWalk(after: nil, limit: 10, slice: 1000)
        #expect(walk.question()?.limit == 11)
        #expect(walk.question() == nil, "one question at a time")
    }

    /// Walks as the store does: up to two slices are under way, a question beside each where one is due.
    ///
    /// The bits of the pattern say whether the next thing is an answer or one slice more.
    private func walk(
        _ server: [IDHash], after last: [UInt8]? = nil, limit: Int, slice: Int, pattern: Int
    ) -> (given: [IDHash], mark: [UInt8]?) {
        func answer(_ question: IDWalk.Question) -> [IDHash] {
            let behind = question.last.flatMap { IDHash(digest: $0) }
            return Array(server.filter { id in behind.map { $0 < id } ?? true }.prefix(question.limit))
        }
        var walk = IDWalk(after: last, limit: limit, slice: slice)
        if let question = walk.question() { walk.take(answer(question)) }
        var (given, underWay) = ([IDHash](), [IDWalk.Question?]())
        var step = 0
        while true {
            let wantsSlice = underWay.isEmpty || (underWay.count < 2 && pattern >> (step % 4) & 1 == 0)
            step += 1
            if wantsSlice, let ids = walk.slice() {
                #expect(ids.count <= slice)
                given += ids
                underWay.append(walk.question())
            } else if !underWay.isEmpty {
                if let question = underWay.removeFirst() { walk.take(answer(question)) }
            } else {
                return (given, walk.mark)
            }
        }
    }
}
