#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A file whose pages are flushed to the disk one by one, and that is removed with it.
final class FlushedFile {
    struct Failure: Error { let code: Int32 }

    private let path: String
    private let descriptor: Int32
    private let page = [UInt8](repeating: 7, count: 4096)
    private var count = 0

    init(path: String) throws {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT, 0o600)
        guard descriptor >= 0 else { throw Failure(code: errno) }
    }

    deinit {
        close(descriptor)
        unlink(path)
    }

    /// Writes the next page, as SQLite appends to its log, and waits until the disk has it.
    func write() throws {
        let offset = off_t(count % 4000 * page.count)
        count += 1
        guard pwrite(descriptor, page, page.count, offset) == page.count, fsync(descriptor) == 0 else {
            throw Failure(code: errno)
        }
    }
}
