import Sessions

// The environment that a command inherits is a variable of C's.
#if canImport(Glibc)
@preconcurrency import Glibc
#elseif canImport(Darwin)
@preconcurrency import Darwin
#elseif canImport(Musl)
@preconcurrency import Musl
#endif

/// A command of the configuration whose first line is a store's password.
struct PasswordCommand: Sendable, Equatable {
    /// What `/bin/sh` is given; it may hold secrets, too, and is never shown.
    var line: String
    /// The context that has it, for messages.
    var context: String
    /// It isn't waited for any longer.
    var limit = Duration.seconds(10)
    /// Whether it may ask and complain at the terminal: not while a screen is drawn there.
    var mayUseTerminal = true

    #if canImport(Darwin)
    private static let startsSession = Int32(POSIX_SPAWN_SETSID)
    #else
    /// `POSIX_SPAWN_SETSID`, which glibc's headers keep for those who ask for all that is GNU's.
    private static let startsSession: Int32 = 0x80
    #endif

    /// What is kept of what it writes, in bytes.
    private static let longest = 4096

    /// Runs it and gives the first line that it writes.
    ///
    /// It reads nothing, and what it complains of goes to standard error; nowhere where it may not use the terminal, for a
    /// shell's complaint may hold what is a secret in the command.
    ///
    /// - Throws: ``SessionsError`` with `usage` where it can't be run or writes no password, with `unavailable` where it
    ///   fails or takes too long.
    func password() throws -> String {
        let deadline = MonotonicInstant.now + limit
        var ends: [Int32] = [-1, -1]
        guard Self.makePipe(&ends) else { throw failed("can't be run: \(String(cString: strerror(errno)))") }
        let child: pid_t
        do {
            defer { close(ends[1]) }
            child = try spawn(writingTo: ends[1])
        } catch {
            close(ends[0])
            throw error
        }
        defer { close(ends[0]) }
        guard let (output, status) = Self.follow(child, writingTo: ends[0], until: deadline) else {
            throw failed("took longer than \(DurationText.short(limit)): see what it waits for")
        }
        return try password(in: output, status)
    }

    private func password(in output: [UInt8], _ status: Int32) throws -> String {
        guard status == 0 else {
            let isMissing = status == 126 << 8 || status == 127 << 8
            let hint = mayUseTerminal ? "" : "it can't ask anything under a dashboard; "
            throw failed("failed: \(hint)run it by itself to see why", isMissing ? .usage : .unavailable)
        }
        let line = output.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard !line.isEmpty, line.count < Self.longest, let text = String(validating: line, as: UTF8.self) else {
            throw failed("wrote no password: its first line is to be one", .usage)
        }
        return text
    }

    private func failed(_ what: String, _ code: SessionsError.Code = .unavailable) -> SessionsError {
        SessionsError(code, "the passwordCommand of the context \(context) \(what)")
    }

    /// Starts it, with signals as a shell would find them: this process and its threads hold some back.
    private func spawn(writingTo end: Int32) throws -> pid_t {
        #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
        var attributes: posix_spawnattr_t?
        #else
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, end, STDOUT_FILENO)
        if !mayUseTerminal { posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) }
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        // Whoever leads a session of its own has no terminal to open either.
        let session = mayUseTerminal ? 0 : Self.startsSession
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | session))
        let words: [String] = ["sh", "-c", line]
        var arguments = words.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        var child = pid_t()
        let problem = posix_spawn(&child, "/bin/sh", &actions, &attributes, arguments, environ)
        guard problem == 0 else { throw failed("can't be run: \(String(cString: strerror(problem)))", .usage) }
        return child
    }

    /// Makes a pipe that no other command inherits.
    private static func makePipe(_ ends: inout [Int32]) -> Bool {
        guard pipe(&ends) == 0 else { return false }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return true
    }

    /// Reads what a command writes, until it has ended and its first line is whole.
    ///
    /// What it started may live on and hold the pipe: its end isn't waited for. Whatever follows the line is read all the
    /// same while the command runs, which a full pipe would hold up, and a closed one end.
    ///
    /// - Returns: what it wrote, as far as it is kept, and what it ended with, as `waitpid` tells it; `nil`: it took too
    ///   long, and was ended.
    private static func follow(
        _ child: pid_t, writingTo end: Int32, until deadline: MonotonicInstant
    ) -> (output: [UInt8], status: Int32)? {
        var kept: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: longest)
        var status: Int32?
        var nothingFollows = false
        while true {
            status = status ?? self.status(of: child)
            let hasLine = nothingFollows || kept.count == longest || kept.contains(UInt8(ascii: "\n"))
            if hasLine, let status { return (kept, status) }
            guard MonotonicInstant.now < deadline else {
                if status == nil { finish(child) }
                return nil
            }
            guard !nothingFollows else {
                usleep(2000)
                continue
            }
            var state = pollfd(fd: end, events: Int16(POLLIN), revents: 0)
            let ready = poll(&state, 1, 2)
            guard ready != 0 else { continue }
            let count = ready > 0 ? systemRead(end, &piece) : -1
            if count > 0 {
                kept += piece.prefix(min(count, longest - kept.count))
            } else if count == 0 || errno != EINTR {
                nothingFollows = true
            }
        }
    }

    private static func systemRead(_ end: Int32, _ piece: inout [UInt8]) -> Int {
        piece.withUnsafeMutableBytes { buffer in
            #if canImport(Glibc)
            Glibc.read(end, buffer.baseAddress, buffer.count)
            #elseif canImport(Darwin)
            Darwin.read(end, buffer.baseAddress, buffer.count)
            #else
            Musl.read(end, buffer.baseAddress, buffer.count)
            #endif
        }
    }

    /// What a command ended with, as `waitpid` tells it; `nil`: it hasn't yet.
    private static func status(of child: pid_t) -> Int32? {
        var status: Int32 = 0
        let ended = waitpid(child, &status, WNOHANG)
        if ended == child { return status }
        // Where whoever started this process ignores its children's ends, nobody learns the status.
        return ended < 0 && errno != EINTR ? 0 : nil
    }

    private static func finish(_ child: pid_t) {
        kill(child, SIGKILL)
        while waitpid(child, nil, 0) < 0, errno == EINTR {}
    }
}
