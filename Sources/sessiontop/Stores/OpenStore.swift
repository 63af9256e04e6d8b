import Sessions
import SessionsHAProxy
import SessionsSQLite

/// A store that a command works on, and what the configuration says of it.
struct OpenStore: Sendable {
    /// The store.
    private(set) var directory: any SessionDirectory
    /// What the operator calls it: the context's name, or the URL with its password masked.
    let name: String
    /// The URL.
    let url: StoreURL
    /// The URL of the store that holds payloads: beside it lie the keys that open them.
    private(set) var keysURL: StoreURL
    /// Nothing may be changed.
    private(set) var isReadOnly: Bool
    /// Whoever changes much types the name first.
    private(set) var isProtected: Bool
    /// The theme that it is shown in, where one was chosen.
    let theme: String?

    /// Opens a store.
    ///
    /// - Parameters:
    ///   - options: where it is.
    ///   - toChange: whether something will be written; it then is opened for writing, unless that is forbidden.
    ///   - environment: where configuration and time come from.
    ///   - note: is told what the configuration has that isn't known.
    /// - Throws: ``SessionsError`` with `usage` for a name or URL that can't be used, and whatever the store throws.
    init(
        _ options: StoreOptions, toChange: Bool = false, in environment: CommandEnvironment, note: (String) -> Void
    ) async throws {
        try await self.init(
            options.store, options.common, options.joining, toChange: toChange, in: environment, note: note)
    }

    /// Opens the store of a URL or of a context's name, and joins it with another where that was asked for.
    init(
        _ nameOrURL: String, _ common: CommonOptions, _ joining: JoiningOptions, toChange: Bool,
        in environment: CommandEnvironment, note: (String) -> Void
    ) async throws {
        guard let with = joining.with else {
            try await self.init(nameOrURL, common, toChange: toChange, in: environment, note: note)
            return
        }
        // A layout is the store's: a balancer has but one.
        var own = common
        own.layout = nil
        let first = try await OpenStore(nameOrURL, own, toChange: toChange, in: environment, note: note)
        let second = try await OpenStore(with, common, toChange: toChange, in: environment, note: { _ in })
        self = try first.joined(with: second)
    }

    /// Opens the store of a URL or of a context's name.
    init(
        _ nameOrURL: String, _ common: CommonOptions, toChange: Bool, in environment: CommandEnvironment,
        note: (String) -> Void
    ) async throws {
        let configuration = try Configuration(path: common.config, variable: environment.variable)
        for warning in configuration.warnings { note("sessiontop: \(warning)") }
        let context = configuration.context(nameOrURL)
        let url = try Self.url(context?.store ?? nameOrURL, isContext: context != nil)
        try await self.init(url, common, context, configuration, toChange: toChange, in: environment)
        tellLayout(note)
    }

    /// Opens the store of a URL.
    init(
        _ url: StoreURL, _ common: CommonOptions, toChange: Bool, in environment: CommandEnvironment,
        note: (String) -> Void
    ) async throws {
        let configuration = try Configuration(path: common.config, variable: environment.variable)
        for warning in configuration.warnings { note("sessiontop: \(warning)") }
        try await self.init(url, common, nil, configuration, toChange: toChange, in: environment)
        tellLayout(note)
    }

    private init(
        _ url: StoreURL, _ common: CommonOptions, _ context: Configuration.Context?, _ configuration: Configuration,
        toChange: Bool, in environment: CommandEnvironment
    ) async throws {
        (self.url, keysURL) = (url, url)
        name = context?.name ?? url.description
        isReadOnly = common.readOnly || context?.isReadOnly ?? false
        isProtected = context?.isProtected ?? false
        theme = common.theme ?? environment.variable("SESSIONTOP_THEME") ?? context?.theme ?? configuration.theme
        var passwordCommand = context?.passwordCommand
        passwordCommand?.mayUseTerminal = environment.mayUseTerminal
        let access = StoreAccess(
            isReadOnly: isReadOnly || !toChange, layout: common.layout, time: environment.time,
            variable: environment.variable, passwordCommand: passwordCommand)
        directory = try await StoreScheme.attach(url, access)
    }

    /// A balancer joined with the store of its sessions; what protects either protects both.
    private func joined(with store: OpenStore) throws -> OpenStore {
        guard let balancer = directory as? HAProxySource else {
            throw SessionsError(.usage, "--with joins a balancer with a store: name it first, as haproxy:/PATH.sock")
        }
        guard !(store.directory is HAProxySource) else {
            throw SessionsError(.usage, "--with names the store of the sessions, such as sqlite:PATH, not a balancer")
        }
        var joined = self
        joined.directory = BalancedSessions(balancer, with: store.directory)
        joined.keysURL = store.url
        joined.isReadOnly = isReadOnly || store.isReadOnly
        joined.isProtected = isProtected || store.isProtected
        return joined
    }

    /// Refuses what the store can't do, and what mustn't be done to it.
    ///
    /// - Parameters:
    ///   - ability: what the store says about it.
    ///   - what: the work, for the message: `revoke`.
    ///   - isDryRun: whether it is only told, which may be done where nothing may be changed.
    /// - Throws: ``SessionsError`` with `refused`.
    func require(_ ability: Capabilities.Ability, to what: String, isDryRun: Bool = false) throws {
        if isReadOnly {
            // A store that is open for reading only doesn't say what it could do else.
            guard !isDryRun else { return }
            throw SessionsError(
                .refused, "\(name) is open for reading only: leave --read-only or readOnly: out to \(what)")
        }
        if let reason = ability.reason { throw SessionsError(.refused, "\(name) can't \(what): \(reason)") }
    }

    /// Which layout was found out, and by what; for people.
    var layoutNotes: [String] {
        guard let notes = directory.description.notes else { return [] }
        return [notes.found.map { "Layout \(directory.description.layout): \($0)." }, notes.unknown].compactMap { $0 }
    }

    private func tellLayout(_ note: (String) -> Void) {
        for text in layoutNotes { note(text) }
    }

    /// Says what the results leave out, apart from them.
    ///
    /// - Throws: the exit status of work that was done in part, where something is left out.
    func reportGaps(to output: Output) async throws {
        if await hasGaps(note: output.note) { throw ExitStatus.failed.exitCode }
    }

    /// Says what sessions that were chosen leave out, before anything is done to them.
    ///
    /// Handles leave nothing out: each is found, or refused where a part of the store gave no answer.
    ///
    /// - Returns: whether something is left out.
    func hasGaps(in target: Target, note: (String) -> Void) async -> Bool {
        if case .handles = target.choice { return false }
        return await hasGaps(note: note)
    }

    private func hasGaps(note: (String) -> Void) async -> Bool {
        let gaps = await directory.gaps()
        for gap in gaps { note("Incomplete: \(gap).") }
        return !gaps.isEmpty
    }

    private static func url(_ text: String, isContext: Bool) throws -> StoreURL {
        guard let url = StoreURL(text) else {
            let what = isContext ? "the context's store" : StoreURL.masked(text)
            throw SessionsError(
                .usage, "\(what) is neither a context of the configuration nor a store's URL: write sqlite:PATH")
        }
        return url
    }
}
