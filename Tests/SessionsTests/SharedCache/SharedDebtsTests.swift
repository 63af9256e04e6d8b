import Testing

@testable import Sessions

@Suite("What L2 has yet to be told")
struct SharedDebtsTests {
    @Test("The oldest first, one a session; a tombstone takes the place of a deletion, never the other way round")
    func order() {
        var debts = SharedDebts()
        debts.add(.drop, for: anID(1))
        debts.add(.bury, for: anID(2))
        debts.add(.bury, for: anID(1))
        debts.add(.drop, for: anID(2))
        #expect(debts.count == 2)
        let oldest = debts.oldest()
        #expect(oldest?.id == anID(1) && oldest?.debt == .bury)
        debts.pay(.drop, for: anID(1))
        #expect(debts.debt(of: anID(1)) == .bury, "what was added while the deletion was under way stays")
        debts.pay(.bury, for: anID(1))
        let next = debts.oldest()
        #expect(next?.id == anID(2))
        debts.pay(.bury, for: anID(2))
        let none = debts.oldest()
        #expect(none == nil && debts.count == 0)
        debts.add(.drop, for: anID(1))
        let again = debts.oldest()
        #expect(again?.debt == .drop)
    }

    @Test("Each has its turn, whether it is paid or not, and those that can't be paid are tried again in order")
    func turns() {
        var debts = SharedDebts()
        for number in 0..<4 { debts.add(.bury, for: anID(number)) }
        var seen: [IDHash] = []
        for _ in 0..<8 {
            guard let due = debts.takeTurn() else { break }
            seen.append(due.id)
            if due.id == anID(1) || due.id == anID(2) { debts.pay(.bury, for: due.id) }
        }
        #expect(seen == [0, 1, 2, 3, 0, 3, 0, 3].map(anID))
        #expect(debts.count == 2)
        for number in [0, 3] { debts.pay(.bury, for: anID(number)) }
        let none = debts.takeTurn()
        #expect(none == nil)
    }

    @Test("The queue stays short, also behind one that is never paid")
    func short() {
        var debts = SharedDebts()
        debts.add(.bury, for: anID(0))
        for number in 1...20_000 {
            // Some are told at once, without a turn, and others again and again.
            debts.add(.drop, for: anID(number))
            debts.add(.bury, for: anID(1 + number % 3))
            debts.pay(.drop, for: anID(number))
            debts.pay(.bury, for: anID(1 + number % 3))
            #expect(debts.queueCount <= 2 * (debts.count + 2) + 1024)
        }
        let oldest = debts.oldest()
        #expect(oldest?.id == anID(0))
        for _ in 0..<20_000 { _ = debts.takeTurn() }
        #expect(debts.count == 1 && debts.queueCount <= 2 + 1024)
    }

    @Test("It stays bounded: the oldest is forgotten, which the feed stops anyway")
    func bounded() {
        var debts = SharedDebts()
        for number in 0..<(SharedDebts.limit + 10) { debts.add(.bury, for: anID(number)) }
        #expect(debts.count == SharedDebts.limit)
        #expect(debts.debt(of: anID(9)) == nil && debts.debt(of: anID(10)) == .bury)
        let oldest = debts.oldest()
        #expect(oldest?.id == anID(10))
    }
}
