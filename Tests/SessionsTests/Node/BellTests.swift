import Testing

@testable import Sessions

@Suite("A bell")
struct BellTests {
    @Test("A ring that nobody waits for is kept, and several are one")
    func kept() async {
        let bell = Bell()
        bell.ring()
        bell.ring()
        #expect(await bell.wait())
        let waiting = Task { await bell.wait() }
        waiting.cancel()
        #expect(await waiting.value == false, "the second ring was the same as the first")
    }

    @Test("It wakes whoever waits, once")
    func wakes() async {
        let bell = Bell()
        let waiting = Task { await bell.wait() }
        bell.ring()
        #expect(await waiting.value)
    }

    @Test("Whoever stopped waiting takes no ring from the next")
    func cancelled() async {
        let bell = Bell()
        let first = Task { await bell.wait() }
        first.cancel()
        #expect(await first.value == false)
        bell.ring()
        #expect(await bell.wait())
    }
}
