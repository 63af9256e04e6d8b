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
