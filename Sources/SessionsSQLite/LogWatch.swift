#if os(Linux) && canImport(Glibc)
internal import Dispatch
internal import Glibc

/// Tells when anybody writes to a file, without looking at it again and again.
///
/// Once it has told, it says nothing more until ``arm()``: a busy log would tell thousands of times a second.
final class LogWatch {
    /// An element after each time it was armed, when something has been written; it begins with one.
    let writes: AsyncStream<Void>
    private let path: String
    private let descriptor: Int32
    private let source: any DispatchSourceRead

    /// Watches the file at a path; `nil` where the system has no more watches to give, or there is no file.
    init?(path: String) {
        let descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        guard descriptor >= 0 else { return nil }
        let (writes, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .global())
        source.setEventHandler {
            Self.drain(descriptor)
            continuation.yield()
        }
        source.setCancelHandler { close(descriptor) }
        source.activate()
        (self.writes, self.path, self.descriptor, self.source) = (writes, path, descriptor, source)
        guard arm() else { return nil }
        continuation.yield()
    }

    deinit { source.cancel() }

    /// Asks to be told of the next write; answers whether it will be.
    func arm() -> Bool { inotify_add_watch(descriptor, path, UInt32(IN_MODIFY) | UInt32(IN_ONESHOT)) >= 0 }

    /// Reads what the system reports, which is no more than that there was something.
    private static func drain(_ descriptor: Int32) {
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) {
            while read(descriptor, $0.baseAddress, $0.count) > 0 {}
        }
    }
}
#else
/// Tells of nothing where files can't be watched.
final class LogWatch {
    let writes = AsyncStream<Void> { $0.finish() }

    init?(path: String) { nil }

    func arm() -> Bool { false }
}
#endif
