internal import NIOCore
internal import Sessions
internal import Synchronization
internal import SessionsTransport

/// One connection that many tasks use at once: commands are written in the order of the calls, and replies come in it.
///
/// A call encodes its command into a shared buffer, under a lock, and goes to sleep. The event loop writes whatever the
/// buffer holds when its turn comes, so calls that come together share one write. A command without a reply in its time
/// ends the connection: later replies would be taken for those of other commands. The event loop's clock measures it.
final class RedisConnection: Sendable {
    private enum Waiter {
        case one(CheckedContinuation<RESPValue, any Error>)
        case many(CheckedContinuation<[RESPValue], any Error>)

        func fail(_ error: any Error) {
            switch self {
            case .one(let continuation): continuation.resume(throwing: error)
            case .many(let continuation): continuation.resume(throwing: error)
            }
        }
    }

    private struct State {
        var queue = ReplyQueue<Waiter>()
        var outgoing = Outgoing()
        var isTimerSet = false
        var end: SessionsError?
        var hasAnsweredCommands = false
    }

    /// So many bytes of commands may wait to be written: a server that reads no more mustn't fill the memory.
    private static let outgoingLimit = 64 * 1024 * 1024

    /// Where it leads to, for errors.
    let address: RedisAddress
    private let channel: any Channel
    private let limit: TimeAmount
    private let meter: TrafficMeter?
    private let state = Mutex(State())
    private let lastID = Atomic<UInt64>(0)
    private let ended = Landing<SessionsError>()

    init(channel: any Channel, address: RedisAddress, commandLimit: Duration, meter: TrafficMeter? = nil) {
        self.meter = meter
        self.channel = channel
        self.address = address
        limit = TimeAmount(commandLimit)
    }

    /// Counts what came.
    func noteReceived(bytes count: Int) { meter?.count(bytes: count) }

    /// Whether it can be used no more.
    var hasEnded: Bool { end != nil }

    /// Why it has ended; `nil`: it hasn't.
    var end: SessionsError? { state.withLock { $0.end } }

    /// Whether the server has answered anything since it was greeted: a connection that was of some use.
    var hasAnsweredCommands: Bool { state.withLock { $0.hasAnsweredCommands } }

    /// Says that the greeting is over.
    func beginService() { state.withLock { $0.hasAnsweredCommands = false } }

    /// Whether what is sent stays on this machine; `nil`: it is closed already.
    var isPrivate: Bool? {
        switch address {
        case .unixSocket: true
        case .host: channel.remoteAddress?.isLoopback
        }
    }

    /// Runs tasks on the connection's thread.
    var executor: EventLoopTaskExecutor { EventLoopTaskExecutor(channel.eventLoop) }

    /// Waits for its end, and returns the reason.
    ///
    /// - Throws: `CancellationError`.
    func untilEnd() async throws -> SessionsError { try await ended.value() }

    // MARK: Sending

    /// Sends one command.
    ///
    /// - Returns: the reply; an error of the server, too.
    /// - Throws: ``NotSent``; `SessionsError` with `unavailable`: no reply; `CancellationError`: it may be done yet.
    func send(_ words: [[UInt8]]) async throws -> RESPValue {
        let id = lastID.add(1, ordering: .relaxed).newValue
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                enqueue(.one(continuation), id: id) { state, deadline in
                    RESPEncoder.write(words, to: &state.outgoing.bytes)
                    state.queue.add(.one(continuation), id: id, until: deadline)
                }
            }
        } onCancel: {
            abandon(id)
        }
    }

    /// Sends several commands in one piece.
    ///
    /// - Returns: the replies, in order.
    /// - Throws: as ``send(_:)-([[UInt8]])``.
    func send(_ commands: [[[UInt8]]]) async throws -> [RESPValue] {
        guard !commands.isEmpty else { return [] }
        let id = lastID.add(1, ordering: .relaxed).newValue
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                enqueue(.many(continuation), id: id) { state, deadline in
                    for words in commands { RESPEncoder.write(words, to: &state.outgoing.bytes) }
                    state.queue.add(.many(continuation), id: id, until: deadline, count: commands.count)
                }
            }
        } onCancel: {
            abandon(id)
        }
    }

    /// Sends a command whose only answer is a push message: SUBSCRIBE.
    func tell(_ words: [[UInt8]]) {
        let mustFlush = state.withLock { state in
            guard state.end == nil else { return false }
            RESPEncoder.write(words, to: &state.outgoing.bytes)
            return state.outgoing.noteAdded()
        }
        if mustFlush { channel.eventLoop.execute { self.flush() } }
    }

    private func enqueue(_ waiter: Waiter, id: UInt64, _ add: (inout State, UInt64) -> Void) {
        let deadline = (channel.eventLoop.now + limit).uptimeNanoseconds
        var refusal: (any Error)?
        let mustFlush = state.withLock { state in
            if let end = state.end { refusal = NotSent(reason: end) }
            // A task that was cancelled before it got here found nothing to abandon.
            if Task.isCancelled { refusal = CancellationError() }
            if state.outgoing.bytes.readableBytes > Self.outgoingLimit { refusal = SessionsError.tooMuchWaits(address) }
            guard refusal == nil else { return false }
            add(&state, deadline)
            return state.outgoing.noteAdded()
        }
        if let refusal { return waiter.fail(refusal) }
        if mustFlush { channel.eventLoop.execute { self.flush() } }
    }

    private func abandon(_ id: UInt64) {
        state.withLock { $0.queue.abandon(id: id) }?.fail(CancellationError())
    }

    /// How many bytes wait to be written.
    var outgoingByteCount: Int { state.withLock { $0.outgoing.bytes.readableBytes } }

    // MARK: On the event loop

    /// Writes what waits, unless a slow server has left so much in the channel: then it waits until that has gone.
    private func flush() {
        let isWritable = channel.isWritable
        let (bytes, firstDeadline) = state.withLock { state in
            let firstDeadline = state.isTimerSet ? nil : state.queue.earliestDeadline
            if firstDeadline != nil { state.isTimerSet = true }
            return (state.outgoing.take(isWritable: isWritable), firstDeadline)
        }
        if bytes.readableBytes > 0 {
            meter?.count(bytes: bytes.readableBytes)
            channel.writeAndFlush(bytes, promise: nil)
        }
        if let firstDeadline { setTimer(firstDeadline) }
    }

    /// The channel takes more again, or takes no more.
    func writabilityChanged() { if state.withLock({ $0.outgoing.isFlushDue }) { flush() } }

    /// One timer serves all commands: it looks at the earliest when it fires.
    private func setTimer(_ deadline: UInt64) {
        channel.eventLoop.scheduleTask(deadline: .uptimeNanoseconds(deadline)) { self.checkDeadline() }
    }

    private func checkDeadline() {
        let now = channel.eventLoop.now.uptimeNanoseconds
        let earliest = state.withLock { state in
            state.isTimerSet = state.end == nil && !state.queue.isEmpty
            return state.isTimerSet ? state.queue.earliestDeadline : nil
        }
        guard let earliest else { return }
        if earliest <= now { close(.noAnswer(address)) } else { setTimer(earliest) }
    }

    /// Hands replies to those who wait for them.
    func receive(_ replies: [RESPValue]) {
        meter?.count(commands: replies.count)
        var isConfused = false
        let deliveries = state.withLock { state in
            state.hasAnsweredCommands = true
            var (rest, deliveries) = (replies[...], [ReplyQueue<Waiter>.Delivery]())
            do {
                while !rest.isEmpty { if let delivery = try state.queue.take(&rest) { deliveries.append(delivery) } }
            } catch { isConfused = true }
            return deliveries
        }
        for delivery in deliveries {
            switch delivery {
            case .one(.one(let continuation), let reply): continuation.resume(returning: reply)
            case .many(.many(let continuation), let replies): continuation.resume(returning: replies)
            case .one(.many(let continuation), let reply): continuation.resume(returning: [reply])
            case .many(.one(let continuation), let replies): continuation.resume(returning: .array(replies))
            }
        }
        if isConfused { close(.notRedis(address)) }
    }

    /// Ends the connection; whoever waits gets the reason.
    func close(_ reason: SessionsError) {
        let waiters: [Waiter] = state.withLock { state in
            guard state.end == nil else { return [] }
            state.end = reason
            state.outgoing.drop()
            return state.queue.removeAll()
        }
        for waiter in waiters { waiter.fail(reason) }
        ended.land(reason)
        channel.close(promise: nil)
    }
}

/// A command was not sent: the connection had ended before.
struct NotSent: Error {
    /// Why it ended.
    let reason: SessionsError
}
