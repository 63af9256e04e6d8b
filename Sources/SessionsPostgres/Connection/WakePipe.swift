#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#endif

/// Ends a wait in poll(2) from another thread.
final class WakePipe: Sendable {
    /// Readable once ``wake()`` was called, for good.
    let reader: Int32
    private let writer: Int32

    /// Makes one; where the process has no descriptor left the wait ends at its deadline only.
    init() {
        var ends: [Int32] = [-1, -1]
        pipe(&ends)
        (reader, writer) = (ends[0], ends[1])
        for end in ends where end >= 0 { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }

    deinit {
        for end in [reader, writer] where end >= 0 { close(end) }
    }

    /// Ends the wait.
    func wake() {
        var byte: UInt8 = 0
        _ = write(writer, &byte, 1)
    }
}
