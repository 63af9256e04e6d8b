import Testing

@testable import SessionsMemcached

@Suite struct CommandQueueTests {
    private let key: MemcachedKey
    private let life: MemcachedLife

    init() throws {
        key = try #require(MemcachedKey("k".bytes))
        life = MemcachedLife(atLeast: .seconds(1))
    }

    private func queue(_ commands: MemcachedCommand...) -> CommandQueue<Int> {
        var queue = CommandQueue<Int>()
        for (index, command) in commands.enumerated() {
            queue.add(index, id: UInt64(index), for: command, until: UInt64(100 + index))
        }
        return queue
    }

    @Test("Replies go to the commands in order")
    func inOrder() throws {
        var queue = queue(.get(key), .set(key, value: [], flags: 0, life: life), .delete(key), .version)
        #expect(queue.earliestDeadline == 100)
        try expect(&queue, .value([1], MetaFlags(opaque: 0)), 0, .item(value: [1], flags: MetaFlags(opaque: 0)))
        try expect(&queue, .outcome(.exists, MetaFlags(opaque: 1)), 1, .outcome(.exists))
        try expect(&queue, .outcome(.notFound, MetaFlags(opaque: 2)), 2, .outcome(.notFound))
        #expect(queue.earliestDeadline == 103)
        try expect(&queue, .version("1"), 3, .version("1"))
        #expect(queue.isEmpty && queue.earliestDeadline == nil)
    }

    @Test("A reply of another command is a fault, and nobody gets it: not even where it looks right")
    func slipped() {
        let wrong: [(MemcachedCommand, WireReply)] = [
            (.get(key), .value([1], MetaFlags(opaque: 5))), (.get(key), .value([1], MetaFlags())),
            (.get(key), .outcome(.done, MetaFlags(opaque: 0))), (.get(key), .outcome(.miss, MetaFlags(opaque: 5))),
            (.delete(key), .outcome(.done, MetaFlags())), (.delete(key), .outcome(.miss, MetaFlags(opaque: 0))),
            (.set(key, value: [], flags: 0, life: life), .outcome(.done, MetaFlags(opaque: 1))),
            (.set(key, value: [], flags: 0, life: life), .stored), (.noop, .end), (.version, .stored),
            (.statistics, .version("1")), (.metadump(limit: 1), .stored),
            (.authenticate(user: "u", password: "p"), .outcome(.done, MetaFlags(opaque: 0))),
        ]
        for (command, reply) in wrong {
            var queue = queue(command)
            #expect(throws: WireFault.unexpected) { try queue.take(reply) }
            #expect(queue.removeAll() == [0], "whoever waits is still told")
        }
        var empty = queue()
        #expect(throws: WireFault.unexpected) { try empty.take(.end) }
    }

    @Test("A miss without its number is taken, as servers before 1.6.10 write it")
    func oldMiss() throws {
        var queue = queue(.get(key))
        try expect(&queue, .outcome(.miss, MetaFlags()), 0, .outcome(.miss))
    }

    @Test("Replies of many lines are gathered; a listing keeps what was allowed and counts the rest")
    func manyLines() throws {
        var queue = queue(.statistics, .metadump(limit: 2))
        #expect(try queue.take(.statistic(name: "a", value: "1")) == nil)
        #expect(try queue.take(.statistic(name: "b", value: "2")) == nil)
        try expect(&queue, .end, 0, .statistics(["a": "1", "b": "2"]))
        let item = ListedItem(key: key, expires: nil, cas: 1, byteCount: 1)
        for _ in 0..<5 { #expect(try queue.take(.listed(item)) == nil) }
        try expect(&queue, .end, 1, .listing([item, item], left: 3))
    }

    @Test("A refusal answers any command")
    func refusals() throws {
        var queue = queue(.get(key), .statistics)
        try expect(&queue, .refused(.outOfMemory), 0, .refused(.outOfMemory))
        try expect(&queue, .refused(.unauthenticated), 1, .refused(.unauthenticated))
    }

    @Test("Whoever goes away leaves a place, so that the next one gets no reply of theirs")
    func abandoned() throws {
        var queue = queue(.get(key), .get(key))
        #expect(queue.abandon(id: 0) == 0)
        #expect(queue.abandon(id: 0) == nil)
        #expect(try queue.take(.value([1], MetaFlags(opaque: 0))) == nil)
        try expect(&queue, .value([2], MetaFlags(opaque: 1)), 1, .item(value: [2], flags: MetaFlags(opaque: 1)))
    }

    @Test("A queue that never empties keeps no more than what waits")
    func longLived() throws {
        var queue = queue(.noop)
        for index in 1..<10_000 {
            queue.add(index, id: UInt64(index), for: .noop, until: UInt64(100 + index))
            try expect(&queue, .outcome(.noop, MetaFlags()), index - 1, .outcome(.noop))
        }
        #expect(queue.removeAll() == [9999])
    }

    private func expect(
        _ queue: inout CommandQueue<Int>, _ reply: WireReply, _ waiter: Int, _ answer: MemcachedReply,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let taken = try queue.take(reply)
        #expect(taken?.0 == waiter, sourceLocation: sourceLocation)
        #expect(taken?.1 == answer, sourceLocation: sourceLocation)
    }
}
