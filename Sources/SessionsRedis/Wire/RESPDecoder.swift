internal import NIOCore

/// Makes replies of bytes that come in pieces.
///
/// It looks at every byte once, whatever the pieces are: a line that isn't whole is searched on where the search ended,
/// and a string is taken when all of it is there. After a fault it is of no use any more.
struct RESPDecoder {
    /// What came.
    enum Event: Equatable {
        /// The reply to the earliest command that has none yet.
        case reply(RESPValue)
        /// A message that nobody asked for.
        case push([RESPValue])
    }

    private enum Token {
        case value(RESPValue)
        case bulk(BulkKind, length: Int)
        case aggregate(AggregateKind, count: Int)
    }

    private enum BulkKind { case string, verbatim, error }

    private enum AggregateKind { case array, map, push, attribute }

    private struct Frame {
        let kind: AggregateKind
        var missing: Int
        var values: [RESPValue] = []
    }

    private let limits: RESPLimits
    private var buffer = ByteBuffer()
    /// So many unread bytes hold no end of line.
    private var searched = 0
    /// A string whose length was read already.
    private var bulk: (kind: BulkKind, length: Int)?
    private var frames: [Frame] = []
    /// What the reply at hand has used of the limits.
    private var size = 0
    private var values = 0

    init(limits: RESPLimits = RESPLimits()) { self.limits = limits }

    /// Adds bytes.
    mutating func append(_ bytes: ByteBuffer) {
        if buffer.readableBytes == 0 {
            buffer = bytes
        } else {
            // What was read is dropped when it is the larger part: each byte is moved twice at most.
            if buffer.readerIndex > buffer.readableBytes { buffer.discardReadBytes() }
            buffer.writeImmutableBuffer(bytes)
        }
    }

    /// The next event; `nil`: more bytes are needed.
    ///
    /// - Throws: ``RESPFault``.
    mutating func next() throws -> Event? {
        // Shares the bytes: they are looked at where they lie, and what was used of them is dropped at once.
        let unread = buffer
        var place = 0
        defer {
            buffer.moveReaderIndex(forwardBy: place)
            // Bytes that were read are not kept for a connection that is quiet now.
            if buffer.readableBytes == 0 { buffer = ByteBuffer() }
        }
        return try unread.withUnsafeReadableBytes { try next(in: $0, from: &place) }
    }

    private mutating func next(in bytes: UnsafeRawBufferPointer, from place: inout Int) throws -> Event? {
        while let token = try nextToken(in: bytes, from: &place) {
            values += 1
            guard values <= limits.values, size <= limits.reply else { throw RESPFault.tooLarge }
            switch token {
            case .value(let value):
                if let event = accept(value) { return event }
            case .bulk(let kind, let length):
                guard length <= limits.bulk, length <= limits.reply - size else { throw RESPFault.tooLarge }
                bulk = (kind, length)
                values -= 1
            case .aggregate(let kind, let count):
                if let event = try begin(kind, count) { return event }
            }
        }
        return nil
    }

    /// Reads all that has come.
    ///
    /// - Parameters:
    ///   - replies: gets the replies added; those before a fault, too.
    ///   - onPush: gets the messages that nobody asked for.
    /// - Throws: ``RESPFault``.
    mutating func drain(into replies: inout [RESPValue], _ onPush: ([RESPValue]) -> Void) throws {
        while let event = try next() {
            switch event {
            case .reply(let reply): replies.append(reply)
            case .push(let elements): onPush(elements)
            }
        }
    }

    // MARK: Aggregates

    private mutating func begin(_ kind: AggregateKind, _ count: Int) throws -> Event? {
        guard frames.count < limits.depth else { throw RESPFault.tooDeep }
        guard count <= limits.values - values else { throw RESPFault.tooLarge }
        if kind == .push, !frames.isEmpty { throw RESPFault.misplacedPush }
        frames.append(Frame(kind: kind, missing: count))
        // What is announced isn't there yet: no room is kept for more than a little of it.
        frames[frames.count - 1].values.reserveCapacity(min(count, 64))
        return count == 0 ? closeFrames() : nil
    }

    private mutating func accept(_ value: RESPValue) -> Event? {
        guard !frames.isEmpty else { return finish(.reply(value)) }
        add(value)
        return closeFrames()
    }

    private mutating func add(_ value: RESPValue) {
        frames[frames.count - 1].values.append(value)
        frames[frames.count - 1].missing -= 1
    }

    /// Closes the frames that are whole; the outermost is an event.
    private mutating func closeFrames() -> Event? {
        while frames.last?.missing == 0, let frame = frames.popLast() {
            if frame.kind == .attribute { return nil }
            if frame.kind == .push { return finish(.push(frame.values)) }
            let value = frame.kind == .map ? Self.map(frame.values) : .array(frame.values)
            guard !frames.isEmpty else { return finish(.reply(value)) }
            add(value)
        }
        return nil
    }

    private mutating func finish(_ event: Event) -> Event {
        (size, values) = (0, 0)
        return event
    }

    private static func map(_ values: [RESPValue]) -> RESPValue {
        .map(stride(from: 0, to: values.count, by: 2).map { (values[$0], values[$0 + 1]) })
    }

    // MARK: Tokens

    private mutating func nextToken(in bytes: UnsafeRawBufferPointer, from place: inout Int) throws -> Token? {
        if let bulk { return try bulkToken(bulk.kind, bulk.length, in: bytes, from: &place) }
        guard let end = try lineEnd(in: bytes, from: place) else { return nil }
        let token = try Self.token(line: bytes[place..<end], limits: limits)
        consume(through: end + 2, &place)
        return token
    }

    private mutating func consume(through end: Int, _ place: inout Int) {
        size += end - place
        place = end
        searched = 0
    }

    /// Where the line ends that begins here; `nil`: it isn't whole.
    private mutating func lineEnd(in bytes: UnsafeRawBufferPointer, from place: Int) throws -> Int? {
        let end = bytes[(place + searched)...].firstIndex(of: UInt8(ascii: "\r")) ?? bytes.count
        guard end - place <= limits.line else { throw RESPFault.tooLarge }
        searched = end - place
        guard end + 1 < bytes.count else { return nil }
        try Self.expectLineEnd(in: bytes, at: end)
        return end
    }

    private static func expectLineEnd(in bytes: UnsafeRawBufferPointer, at place: Int) throws {
        guard bytes[place] == UInt8(ascii: "\r"), bytes[place + 1] == UInt8(ascii: "\n") else {
            throw RESPFault.malformed
        }
    }

    private mutating func bulkToken(
        _ kind: BulkKind, _ length: Int, in bytes: UnsafeRawBufferPointer, from place: inout Int
    ) throws -> Token? {
        guard bytes.count - place >= length + 2 else { return nil }
        let end = place + length
        try Self.expectLineEnd(in: bytes, at: end)
        let text = bytes[place..<end]
        consume(through: end + 2, &place)
        bulk = nil
        switch kind {
        case .string: return .value(.bytes(Array(text)))
        case .error: return .value(.error(RedisError(line: text)))
        case .verbatim:
            guard length >= 4, text[text.startIndex + 3] == UInt8(ascii: ":") else { throw RESPFault.malformed }
            return .value(.bytes(Array(text.dropFirst(4))))
        }
    }

    private static func token(line: Slice<UnsafeRawBufferPointer>, limits: RESPLimits) throws -> Token {
        guard let type = line.first else { throw RESPFault.malformed }
        let rest = line.dropFirst()
        switch type {
        case UInt8(ascii: "+"): return .value(.bytes(Array(rest)))
        case UInt8(ascii: "-"): return .value(.error(RedisError(line: rest)))
        case UInt8(ascii: ":"): return .value(.integer(try RESPNumber.integer(rest)))
        case UInt8(ascii: ","): return .value(.double(try RESPNumber.double(rest)))
        case UInt8(ascii: "("): return .value(.bigNumber(try RESPNumber.bigNumber(rest)))
        case UInt8(ascii: "#"): return .value(.boolean(try RESPNumber.boolean(rest)))
        case UInt8(ascii: "_"):
            guard rest.isEmpty else { throw RESPFault.malformed }
            return .value(.null)
        case UInt8(ascii: "$"): return try RESPNumber.length(rest).map { .bulk(.string, length: $0) } ?? .value(.null)
        case UInt8(ascii: "="): return .bulk(.verbatim, length: try someLength(rest))
        case UInt8(ascii: "!"): return .bulk(.error, length: try someLength(rest))
        case UInt8(ascii: "*"):
            return try RESPNumber.length(rest).map { .aggregate(.array, count: $0) } ?? .value(.null)
        case UInt8(ascii: "~"): return .aggregate(.array, count: try someLength(rest))
        case UInt8(ascii: ">"): return .aggregate(.push, count: try someLength(rest))
        case UInt8(ascii: "%"): return .aggregate(.map, count: try pairedLength(rest, limits))
        case UInt8(ascii: "|"): return .aggregate(.attribute, count: try pairedLength(rest, limits))
        default: throw RESPFault.unknownType(type)
        }
    }

    private static func someLength(_ digits: Slice<UnsafeRawBufferPointer>) throws -> Int {
        guard let length = try RESPNumber.length(digits) else { throw RESPFault.malformed }
        return length
    }

    /// The number of values in so many pairs.
    private static func pairedLength(_ digits: Slice<UnsafeRawBufferPointer>, _ limits: RESPLimits) throws -> Int {
        let pairs = try someLength(digits)
        guard pairs <= limits.values else { throw RESPFault.tooLarge }
        return pairs * 2
    }
}
