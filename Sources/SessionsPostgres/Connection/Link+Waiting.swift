#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#endif
internal import CLibPQ
internal import Sessions

extension Link {
    /// Waits until the socket is ready, or the deadline has come.
    ///
    /// - Parameter events: `POLLIN`, `POLLOUT` or both.
    /// - Returns: what it is ready for.
    /// - Throws: ``PostgresFailure`` where it isn't in time.
    func wait(for events: Int32) throws -> Int32 {
        while true {
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else { throw PostgresFailure(.timedOut) }
            // Rounded up: a wait of 0 ms would spin.
            let milliseconds = Int32(clamping: left.wholeMilliseconds.addingReportingOverflow(1).partialValue)
            var descriptor = pollfd(fd: PQsocket(connection), events: Int16(truncatingIfNeeded: events), revents: 0)
            let count = poll(&descriptor, 1, milliseconds)
            if count > 0 { return Int32(descriptor.revents) }
            guard count == 0 || errno == EINTR || errno == EAGAIN else { throw PostgresFailure(.lost) }
        }
    }

    /// Whether an idle connection still stands, as far as this side can see without asking.
    ///
    /// A server that goes away says so, or closes, and otherwise says nothing unasked but that a setting was changed:
    /// for that, too, a new connection does no harm.
    func looksAlive() -> Bool {
        guard !isBroken, PQstatus(connection) == CONNECTION_OK else { return false }
        var descriptor = pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, 0) == 0
    }

    /// What ended a wait for a notification.
    enum Waited {
        case notified
        case woken
        case silent
    }

    /// Waits for a notification, or until another descriptor can be read, or the deadline has come.
    ///
    /// - Throws: ``PostgresFailure`` where the connection is lost.
    func waitForNotification(or other: Int32) throws -> Waited {
        var descriptors = [
            pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0),
            pollfd(fd: other, events: Int16(POLLIN), revents: 0),
        ]
        while true {
            var hasNews = false
            while let notification = PQnotifies(connection) {
                PQfreemem(notification)
                hasNews = true
            }
            if hasNews { return .notified }
            let left = max(.zero, ContinuousClock.now.duration(to: deadline)).wholeMilliseconds
            let count = poll(&descriptors, 2, Int32(clamping: left))
            guard count >= 0 || errno == EINTR else { throw PostgresFailure(.lost) }
            if count == 0 { return .silent }
            if descriptors[1].revents != 0 { return .woken }
            if descriptors[0].revents != 0, PQconsumeInput(connection) == 0 { throw PostgresFailure(.lost) }
        }
    }
}
