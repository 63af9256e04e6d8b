#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#endif

/// From now on a terminal that closes doesn't end the process by itself.
///
/// It is for what must be tidied up at the end: a closing terminal sends SIGHUP more than once, by its shell and by the
/// system, and the second comes while the first is being answered.
func ignoreHangUps() { signal(SIGHUP, SIG_IGN) }
