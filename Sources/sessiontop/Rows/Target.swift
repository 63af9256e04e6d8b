import ArgumentParser
import Screen
import Sessions

/// The sessions that a command acts on, as they stood when it looked: it acts on these, whatever changes meanwhile.
struct Target: Sendable {
    /// One of them.
    struct Session: Sendable {
        let id: IDHash
        let user: String?
        let state: SessionState
        /// When it ends by itself; `nil`: that wasn't read.
        var deadlines: Deadlines?
    }

    /// How they were chosen.
    enum Choice: Sendable {
        /// By their handles.
        case handles
        /// By their user.
        case user(String)
        /// By a filter.
        case filter(String)
        /// All that are live.
        case everyone
    }

    let choice: Choice
    /// Those that are there.
    var sessions: [Session]
    /// The handles, as typed, that no session has.
    var missing: [String] = []

    /// How many sessions it is about.
    var count: Int { sessions.count }

    /// Whether it goes for whatever was issued before, too, and not for the sessions alone that were found.
    var isCutOff: Bool {
        switch choice {
        case .handles, .filter: false
        case .user, .everyone: true
        }
    }

    /// Says so where a filter matches nothing, for then nothing else is printed, or where a user has no session: the name
    /// may be mistyped, and no line tells of it.
    func tellNone(note: (String) -> Void) {
        guard sessions.isEmpty else { return }
        switch choice {
        case .filter: note("0 sessions match.")
        case .user(let name): note("No live session of \(Escaping.text(name)) was found.")
        case .handles, .everyone: break
        }
    }

    /// The same for the store.
    var revokeTarget: RevokeTarget {
        switch choice {
        case .handles, .filter: .sessions(sessions.map(\.id))
        case .user(let name): .user(name)
        case .everyone: .everyone
        }
    }

    /// What the audit log calls it.
    var auditName: String { revokeTarget.words }

    /// What people are told it is.
    var description: String {
        let amount = count == 1 ? "1 session" : "\(count) sessions"
        return switch choice {
        case .handles: amount
        case .user(let name): "every session of \(Escaping.text(name)) (\(amount) live now)"
        case .filter(let filter): "\(amount) matching \(Escaping.text(filter))"
        case .everyone: "every session of everyone (\(amount) live now)"
        }
    }
}

extension Target {
    /// Finds the sessions that a choice means, in the order of the store.
    ///
    /// - Throws: ``SessionsError`` with `usage` for a handle or filter that can't be used; then nothing has been done.
    init(_ options: TargetOptions, everyone: Bool, in directory: any SessionDirectory, at now: Timestamp) async throws {
        let choices = [!options.handles.isEmpty, options.user != nil, options.filter != nil, everyone]
        guard choices.count(where: \.self) == 1 else {
            throw SessionsError(.usage, "say which sessions: handles, or one of --user, --filter and --all")
        }
        if let user = options.user {
            guard !user.isEmpty else { throw SessionsError(.usage, "--user needs a name") }
            let ids = try await directory.sessions(ofUser: user, at: now)
            self.init(choice: .user(user), sessions: ids.map { Session(id: $0, user: user, state: .live) })
        } else if !options.handles.isEmpty {
            try await self.init(handles: options.handles, in: directory, at: now)
        } else {
            let selection = try RowSelection(options.filter, layout: directory.description.layout)
            if options.filter != nil, selection.filter.isEverything {
                throw SessionsError(.usage, "an empty filter means everyone: say so with --all")
            }
            var sessions: [Session] = []
            try await directory.forEachRow { row in
                if selection.contains(row, at: now) { sessions.append(Session(row, at: now)) }
                return true
            }
            self.init(choice: options.filter.map { .filter($0) } ?? .everyone, sessions: sessions)
        }
    }

    private init(handles: [String], in directory: any SessionDirectory, at now: Timestamp) async throws {
        self.init(choice: .handles, sessions: [])
        var known: Set<IDHash> = []
        for handle in handles {
            guard let id = try await directory.session(withHandle: handle),
                let row = try await directory.detail(id)?.row
            else {
                missing.append(handle)
                continue
            }
            if known.insert(id).inserted { sessions.append(Session(row, at: now)) }
        }
    }
}

extension Target.Session {
    init(_ row: SessionRow, at now: Timestamp) {
        self.init(id: row.id, user: row.user, state: row.standing(at: now), deadlines: row.deadlines)
    }
}

/// Which sessions to act on.
struct TargetOptions: ParsableArguments {
    @Argument(help: "The sessions' handles: 6 or more digits of each.")
    var handles: [String] = []

    @Option(parsing: .unconditional, help: ArgumentHelp("Every live session of this user.", valueName: "name"))
    var user: String?

    @Option(
        parsing: .unconditional,
        help: "Every live session that matches, such as: node:web-03 idle>1h; see list --help.")
    var filter: String?
}

/// Why, and how carefully.
struct OrderOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Why: for the audit log. Needed for more than one session, and in a protected context.",
            valueName: "text"))
    var reason: String?

    @Flag(help: "Say what would happen, and change nothing.")
    var dryRun = false

    @Flag(help: "Don't ask: needed where nobody sits at a terminal.")
    var yes = false

    @Option(help: "How to print outcomes; else a table for a person, JSON for a program.")
    var format: LineFormat?

    /// The reason, where it says anything.
    var givenReason: String? { Reason.given(reason) }
}
