#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#endif

/// The three descriptors that everything takes for open.
enum StandardDescriptors {
    /// Opens `/dev/null` for each of them that is closed.
    ///
    /// Else the next file that is opened, such as a store, would get its number, and results would be written into it.
    static func fill() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
            // It becomes the lowest number that is free: this one.
            _ = open("/dev/null", O_RDWR)
        }
    }
}
