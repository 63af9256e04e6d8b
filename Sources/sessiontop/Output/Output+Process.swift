#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#endif

extension Output {
    /// Standard output for results, standard error for notes.
    ///
    /// - Parameters:
    ///   - noColor: `--no-color` was given.
    ///   - variable: looks up the environment: a `NO_COLOR` that isn't empty forbids colours, too.
    /// - Returns: the output.
    static func standard(noColor: Bool, variable: (String) -> String?) -> Output {
        // Without this, a reader that has gone would end the process before it can end in good order.
        signal(SIGPIPE, SIG_IGN)
        let isTerminal = isatty(STDOUT_FILENO) == 1
        let mayColor = !noColor && (variable("NO_COLOR") ?? "").isEmpty && variable("TERM") != "dumb"
        return Output(
            isTerminal: isTerminal, width: terminalWidth, usesColor: isTerminal && mayColor, sink: writeAll,
            notes: StandardError.write)
    }

    /// Prints results that need no store; a reader that has gone is no error.
    static func standard(_ options: CommonOptions, _ print: (Output) throws -> Void) throws {
        let output = standard(noColor: options.noColor, variable: CommandEnvironment.process.variable)
        do {
            try print(output)
            try output.flush()
        } catch is BrokenPipe {}
    }

    private static var terminalWidth: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    @Sendable private static func writeAll(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR && errno != EAGAIN {
                throw errno == EPIPE ? BrokenPipe() : OutputFailure(reason: String(cString: strerror(errno)))
            }
        }
    }
}

/// The results could not be written.
struct OutputFailure: Error, CustomStringConvertible {
    let reason: String

    var description: String { "the results could not be written: \(reason)" }
}
