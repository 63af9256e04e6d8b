import ArgumentParser
import Sessions

/// What the process's exit status means; `sysexits.h` has the numbers.
enum ExitStatus: Int32 {
    /// All of it was done.
    case done = 0
    /// Some of it failed, or came back.
    case failed = 1
    /// The arguments can't be used. ArgumentParser's own errors end so, too.
    case usage = 64
    /// The store can't be reached, or can't be read.
    case unavailable = 69
    /// Refused by policy: read-only, no reason given, a permission missing.
    case refused = 77

    /// The status that an error of the library ends the process with.
    init(_ code: SessionsError.Code) {
        self = Self.byCode[code] ?? .failed
    }

    /// To be thrown by a command that has said everything already.
    var exitCode: ExitCode { ExitCode(rawValue) }

    private static let byCode: [SessionsError.Code: ExitStatus] = [
        .usage: .usage, .invalidLifetime: .usage, .unsupported: .usage, .invalidKey: .usage,
        .unavailable: .unavailable, .busy: .unavailable, .storeNotFound: .unavailable, .notAStore: .unavailable,
        .storeTooNew: .unavailable, .storeFull: .unavailable, .corrupt: .unavailable,
        .readOnly: .refused, .refused: .refused,
    ]
}
