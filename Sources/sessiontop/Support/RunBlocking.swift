import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#endif

/// Runs asynchronous work from the main thread, which waits for it.
///
/// The work runs on the concurrency pool; nothing in it may need the main actor, whose thread is the one that waits.
///
/// - Parameters:
///   - interruptible: the first SIGINT, SIGTERM or SIGHUP cancels the work, which should then end in good order; a
///     second one ends the process. Otherwise the first ends it.
///   - work: what to run.
/// - Returns: what the work returns.
/// - Throws: what the work throws.
func runBlocking<Value: Sendable>(
    interruptible: Bool = false, _ work: @escaping @Sendable () async throws -> Value
) throws -> Value {
    let outcome = Outcome<Value>()
    let interrupt = Interrupt()
    // Before the work begins: once it has printed anything, somebody may interrupt it, and that must not be lost.
    let signals = interruptible ? [SIGINT, SIGTERM, SIGHUP] : []
    let sources = signals.map { source(of: $0, cancel: interrupt.raise) }
    let task = Task {
        do { outcome.finish(.success(try await work())) } catch { outcome.finish(.failure(error)) }
    }
    interrupt.whenRaised { task.cancel() }
    defer { for (source, number) in zip(sources, signals) { restore(number, source) } }
    return try outcome.wait().get()
}

/// A result that one thread waits for.
private final class Outcome<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)
    private let semaphore = DispatchSemaphore(value: 0)

    func finish(_ result: Result<Value, any Error>) {
        self.result.withLock { $0 = result }
        semaphore.signal()
    }

    func wait() -> Result<Value, any Error> {
        while true {
            semaphore.wait()
            if let result = result.withLock({ $0 }) { return result }
        }
    }
}

/// An interrupt that may come before there is anything to cancel.
private final class Interrupt: Sendable {
    private let state = Mutex<(wasRaised: Bool, cancel: (@Sendable () -> Void)?)>((false, nil))

    @Sendable func raise() {
        let cancel = state.withLock { state in
            state.wasRaised = true
            return state.cancel
        }
        cancel?()
    }

    func whenRaised(_ cancel: @escaping @Sendable () -> Void) {
        let wasRaised = state.withLock { state in
            state.cancel = cancel
            return state.wasRaised
        }
        if wasRaised { cancel() }
    }
}

/// Takes a signal over, and returns when it is taken over.
private func source(of number: Int32, cancel: @escaping @Sendable () -> Void) -> any DispatchSourceSignal {
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler {
        cancel()
        signal(number, SIG_DFL)
    }
    let isRegistered = DispatchSemaphore(value: 0)
    source.setRegistrationHandler { isRegistered.signal() }
    source.resume()
    isRegistered.wait()
    return source
}

private func restore(_ number: Int32, _ source: any DispatchSourceSignal) {
    source.cancel()
    signal(number, SIG_DFL)
}
