import NIOCore
import SessionsTransport
import Testing

@Suite("What waits to be written")
struct OutgoingTests {
    /// Adds a letter; whether the event loop has to be asked to write it.
    private func add(_ letter: String, to outgoing: inout Outgoing) -> Bool {
        outgoing.bytes.writeString(letter)
        return outgoing.noteAdded()
    }

    @Test("Commands that come together are asked for once, and taken in one piece")
    func together() {
        var outgoing = Outgoing()
        let asked = [add("a", to: &outgoing), add("b", to: &outgoing)]
        #expect(asked == [true, false])
        let taken = outgoing.take(isWritable: true)
        #expect(String(buffer: taken) == "ab")
        #expect(outgoing.bytes.readableBytes == 0 && !outgoing.isFlushDue)
        let again = add("c", to: &outgoing)
        #expect(again)
    }

    @Test("A channel that takes no more gets nothing, until it takes more again")
    func full() {
        var outgoing = Outgoing()
        _ = add("a", to: &outgoing)
        let refused = outgoing.take(isWritable: false)
        #expect(refused.readableBytes == 0)
        #expect(outgoing.isFlushDue && outgoing.bytes.readableBytes == 1)
        let asked = add("b", to: &outgoing)
        #expect(!asked, "the channel tells when it takes more")
        let taken = outgoing.take(isWritable: true)
        #expect(String(buffer: taken) == "ab")
        _ = add("c", to: &outgoing)
        outgoing.drop()
        #expect(outgoing.bytes.readableBytes == 0)
    }
}
