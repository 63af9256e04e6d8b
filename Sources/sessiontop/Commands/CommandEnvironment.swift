import Sessions

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#endif

/// What a command finds around it: passed in, so that a test can own it.
struct CommandEnvironment: Sendable {
    /// Looks up a variable of the environment.
    var variable: @Sendable (String) -> String?
    /// The clocks.
    var time: TimeSource
    /// Asks whoever sits at the terminal, and gives the line they type; `nil`: nobody sits there.
    var ask: (@Sendable (_ question: String) -> String?)?
    /// Reads what is given on standard input, at most so many bytes.
    var input: @Sendable (_ limit: Int) throws -> [UInt8] = StandardInput.take
    /// Whether what is run on the way may use the terminal: not while a screen is drawn there.
    var mayUseTerminal = true

    /// The process's own.
    static var process: CommandEnvironment {
        let isInteractive = isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1
        return CommandEnvironment(
            variable: { name in getenv(name).map { String(cString: $0) } }, time: .system,
            ask: isInteractive ? askAtTerminal : nil)
    }

    /// Who orders changes: `$SESSIONTOP_ACTOR`, or the user and the host.
    var actor: String {
        if let actor = variable("SESSIONTOP_ACTOR"), !actor.isEmpty { return actor }
        return "\(Self.userName)@\(Self.hostName)"
    }

    /// The store's password, where its URL doesn't have it: `$SESSIONTOP_PASSWORD`.
    var password: String? { variable("SESSIONTOP_PASSWORD").flatMap { $0.isEmpty ? nil : $0 } }

    /// An order by this actor, now.
    func order(reason: String?) -> Order { Order(actor: actor, reason: reason, at: time.wall()) }

    private static var userName: String {
        guard let entry = getpwuid(geteuid()), let name = entry.pointee.pw_name else { return "uid \(geteuid())" }
        return String(cString: name)
    }

    private static var hostName: String {
        var name = Array(repeating: CChar(0), count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// What was typed before the question is dropped: it can't have been meant as its answer.
    @Sendable private static func askAtTerminal(_ question: String) -> String? {
        tcflush(STDIN_FILENO, TCIFLUSH)
        StandardError.write(question)
        return readLine()
    }
}
