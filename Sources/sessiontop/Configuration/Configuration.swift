import Sessions
import Yams

/// What the configuration file says.
///
/// ```yaml
/// default: staging            # what sessiontop opens when no store is named
/// theme: slate
/// contexts:
///   staging:
///     store: sqlite:/var/lib/shop/sessions.db
///     readOnly: false
///     protected: true         # changes need a reason, and the context's name typed
///     theme: paper
///     passwordCommand: pass show shop   # its first line is the password that the URL doesn't have
/// ```
struct Configuration: Sendable, Equatable {
    /// A store with a name.
    struct Context: Sendable, Equatable {
        /// Its name.
        var name: String
        /// The URL of its store.
        var store: String
        /// Nothing may be changed through it.
        var isReadOnly = false
        /// Whoever changes much in it types its name first.
        var isProtected = false
        /// The theme that it is shown in.
        var theme: String?
        /// What tells the password that its URL doesn't have.
        var passwordCommand: PasswordCommand?
    }

    /// The context that is used when no store is named.
    var defaultContext: String?
    /// The theme of contexts that have none of their own.
    var theme: String?
    /// The contexts, in the file's order.
    var contexts: [Context] = []
    /// What in the file isn't known, each with its line: for people.
    var warnings: [String] = []

    /// The context of a name, compared by bytes.
    func context(_ name: String) -> Context? { contexts.first { $0.name.hasBytes(of: name) } }

    /// What is opened when no store is named; `nil`: the file doesn't say.
    ///
    /// - Throws: ``SessionsError`` with `usage` where that is neither one of its contexts nor a URL.
    func defaultStore() throws -> String? {
        guard let name = defaultContext, context(name) == nil, StoreURL(name) == nil else { return defaultContext }
        throw SessionsError(
            .usage, "the configuration says default: \(name), which is none of its contexts: mend it, or name a store")
    }

    /// An empty configuration.
    init() {}

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: what `--config` names; it must be there.
    ///   - variable: looks up the environment, for where the file lies by default.
    /// - Throws: ``SessionsError`` with `usage`, with the line, where it is malformed.
    init(path: String?, variable: (String) -> String?) throws {
        let file = path ?? Self.folder(variable).map { "\($0)/config.yaml" }
        let text = try file.flatMap { try FileContents.text($0) }
        guard text != nil || path == nil else {
            throw SessionsError(
                .usage, "there is no configuration at \(file ?? ""): name a file, or leave --config out")
        }
        try self.init(yaml: text ?? "", file: file ?? "")
    }

    /// The folder for what users write for this program: the configuration and their own themes.
    static func folder(_ variable: (String) -> String?) -> String? {
        if let folder = variable("XDG_CONFIG_HOME"), !folder.isEmpty { return "\(folder)/sessiontop" }
        return variable("HOME").map { "\($0)/.config/sessiontop" }
    }
}

extension Configuration {
    /// Reads a configuration from its text.
    ///
    /// - Parameters:
    ///   - yaml: the text.
    ///   - file: its name, for messages.
    /// - Throws: ``SessionsError`` with `usage`, with the line, where it is malformed.
    init(yaml: String, file: String) throws {
        self.init()
        let root: Node?
        do { root = try compose(yaml: yaml) } catch {
            throw SessionsError(
                .usage, "\(file)\(Self.line(of: error)) isn't YAML: mend it, or name another with --config")
        }
        guard let root, root.null == nil else { return }
        var reader = ConfigurationReader(file: file)
        for (key, node) in try reader.members(of: root) {
            switch key {
            case "default": defaultContext = try reader.text(node)
            case "theme": theme = try reader.text(node)
            case "contexts": contexts = try reader.members(of: node).map { try reader.context($0.key, $0.node) }
            default: reader.doesNotKnow(key, at: node)
            }
        }
        warnings = reader.warnings
    }

    /// Where the text is malformed.
    ///
    /// The error's own words would quote the line, and a line may hold a password.
    private static func line(of error: any Error) -> String {
        switch error {
        case YamlError.scanner(_, _, let mark, _), YamlError.parser(_, _, let mark, _),
            YamlError.composer(_, _, let mark, _):
            ", line \(mark.line),"
        default: ""
        }
    }
}

/// Takes nodes of YAML apart, and says in which line something is wrong.
private struct ConfigurationReader {
    let file: String
    var warnings: [String] = []

    func members(of node: Node) throws -> [(key: String, node: Node)] {
        guard let mapping = node.mapping else { throw malformed(node, "names with values belong here") }
        return try mapping.map { (key: try text($0.key), node: $0.value) }
    }

    func text(_ node: Node) throws -> String {
        guard let scalar = node.scalar, !scalar.string.isEmpty else { throw malformed(node, "a text belongs here") }
        return scalar.string
    }

    func flag(_ node: Node) throws -> Bool {
        guard let flag = node.bool else { throw malformed(node, "true or false belongs here") }
        return flag
    }

    mutating func context(_ name: String, _ node: Node) throws -> Configuration.Context {
        guard !name.contains(":") else { throw malformed(node, "a context's name has no colon") }
        var context = Configuration.Context(name: name, store: "")
        for (key, value) in try members(of: node) {
            switch key {
            case "store": context.store = try text(value)
            case "readOnly": context.isReadOnly = try flag(value)
            case "protected": context.isProtected = try flag(value)
            case "theme": context.theme = try text(value)
            case "passwordCommand":
                context.passwordCommand = PasswordCommand(line: try text(value), context: name)
            default: doesNotKnow(key, at: value)
            }
        }
        guard !context.store.isEmpty else { throw malformed(node, "the context \(name) needs a store: with its URL") }
        return context
    }

    mutating func doesNotKnow(_ key: String, at node: Node) {
        warnings.append("\(place(node)): \(key) means nothing here, and is passed over")
    }

    private func malformed(_ node: Node, _ what: String) -> SessionsError {
        SessionsError(.usage, "\(place(node)): \(what)")
    }

    private func place(_ node: Node) -> String { node.mark.map { "\(file), line \($0.line)" } ?? file }
}
