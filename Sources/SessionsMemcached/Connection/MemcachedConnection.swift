internal import NIOCore
internal import Sessions
internal import Synchronization
internal import SessionsTransport

/// One connection that many tasks use at once: commands are written in the order of the calls, and replies come in it.
///
/// A call writes its command into a shared buffer, under a lock, and goes to sleep. The event loop sends whatever the
/// buffer holds when its turn comes, so calls that come together share one write. A command without a reply in its time
/// ends the connection: a server that hangs is left, and nobody waits for what comes late. The event loop's clock
/// measures it.
final class MemcachedConnection: Sendable {
    private typealias Waiter = CheckedContinuation<MemcachedReply, any Error>

    private struct State {
        var queue = CommandQueue<Waiter>()
        var outgoing = Outgoing()
        var isTimerSet = false
        var end: SessionsError?
        var hasBeenUseful = false
        var hasHung = false
        var greetingTimer: Scheduled<Void>?
    }

    /// So many bytes of commands may wait to be written: a server that reads no more mustn't fill the memory.
    private static let outgoingLimit = 32 * 1024 * 1024

    /// Where it leads to, for errors.
    let address: MemcachedAddress
    private let channel: any Channel
    private let limit: TimeAmount
    private let meter: TrafficMeter?
    private let state = Mutex(State())
    private let lastID = Atomic<UInt64>(0)

    init(channel: any Channel, address: MemcachedAddress, commandLimit: Duration, meter: TrafficMeter? = nil) {
        self.meter = meter
        self.channel = channel
        self.address = address
        limit = TimeAmount(commandLimit)
    }

    /// Counts what came.
    func noteReceived(bytes count: Int) { meter?.count(bytes: count) }

    /// Whether it can be used no more.
    var hasEnded: Bool { state.withLock { $0.end != nil } }

    /// Whether the server has answered since it was greeted, and in time.
    var hasBeenUseful: Bool { state.withLock { $0.hasBeenUseful && !$0.hasHung } }

    /// Ends the connection unless it begins its service in time.
    func beGreeted(within limit: TimeAmount) {
        let timer = channel.eventLoop.scheduleTask(in: limit) { self.close(.noAnswer(self.address)) }
        state.withLock { $0.greetingTimer = timer }
    }

    /// Says that the greeting is over.
    func beginService() {
        let timer = state.withLock { state in
            state.hasBeenUseful = false
            defer { state.greetingTimer = nil }
            return state.greetingTimer
        }
        timer?.cancel()
    }

    /// Whether it stays on this machine, where nobody else can hear what is sent.
    var isPrivate: Bool { channel.remoteAddress?.isLoopback ?? false }

    // MARK: Sending

    /// Sends a command.
    ///
    /// - Returns: the reply; a refusal of the server, too.
    /// - Throws: ``NotSent``; `SessionsError` with `unavailable`: no reply; `busy`; `CancellationError`: it may be done
    ///   yet.
    func send(_ command: MemcachedCommand) async throws -> MemcachedReply {
        let id = lastID.add(1, ordering: .relaxed).newValue
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { enqueue($0, id: id, command) }
        } onCancel: {
            state.withLock { $0.queue.abandon(id: id) }?.resume(throwing: CancellationError())
        }
    }

    private func enqueue(_ waiter: Waiter, id: UInt64, _ command: MemcachedCommand) {
        let deadline = (channel.eventLoop.now + limit).uptimeNanoseconds
        var refusal: (any Error)?
        let mustFlush = state.withLock { state in
            if let end = state.end { refusal = NotSent(reason: end) }
            // A task that was cancelled before it got here found nothing to abandon.
            if Task.isCancelled { refusal = CancellationError() }
            if state.outgoing.bytes.readableBytes > Self.outgoingLimit { refusal = SessionsError.tooMuchWaits(address) }
            guard refusal == nil else { return false }
            command.write(to: &state.outgoing.bytes, opaque: id)
            state.queue.add(waiter, id: id, for: command, until: deadline)
            return state.outgoing.noteAdded()
        }
        if let refusal { return waiter.resume(throwing: refusal) }
        if mustFlush { channel.eventLoop.execute { self.flush() } }
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
            let earliest = state.end == nil ? state.queue.earliestDeadline : nil
            state.isTimerSet = earliest != nil
            state.hasHung = earliest.map { $0 <= now } ?? state.hasHung
            return earliest
        }
        guard let earliest else { return }
        if earliest <= now { close(.noAnswer(address)) } else { setTimer(earliest) }
    }

    /// Hands replies to those who wait for them.
    func receive(_ replies: [WireReply]) {
        var fault: WireFault?
        let answers = state.withLock { state in
            state.hasBeenUseful = true
            var answers: [(Waiter, MemcachedReply)] = []
            do throws(WireFault) {
                for reply in replies { if let answer = try state.queue.take(reply) { answers.append(answer) } }
            } catch { fault = error }
            return answers
        }
        meter?.count(commands: answers.count)
        for (waiter, reply) in answers { waiter.resume(returning: reply) }
        if let fault { close(.notMemcached(address, cause: fault)) }
    }

    /// Ends the connection; whoever waits gets the reason.
    func close(_ reason: SessionsError) {
        var timer: Scheduled<Void>?
        let waiters: [Waiter] = state.withLock { state in
            guard state.end == nil else { return [] }
            state.end = reason
            state.outgoing.drop()
            timer = state.greetingTimer
            state.greetingTimer = nil
            return state.queue.removeAll()
        }
        timer?.cancel()
        for waiter in waiters { waiter.resume(throwing: reason) }
        channel.close(promise: nil)
    }
}

/// A command was not sent: the connection had ended before.
struct NotSent: Error {
    /// Why it ended.
    let reason: SessionsError
}
