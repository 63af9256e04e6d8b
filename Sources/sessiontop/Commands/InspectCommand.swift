import ArgumentParser
import Sessions

/// `sessiontop inspect STORE HANDLE`: one session, decoded.
struct InspectCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show one session, decoded, with secrets masked.",
        discussion: """
            A sealed payload is opened with the keys in the file that SESSIONTOP_KEYS names, or in PATH.keys beside an SQLite \
            file. --reveal shows what is masked otherwise; it needs a reason, and goes on record first.
            """)

    @OptionGroup var store: StoreOptions

    @Argument(help: "The session's handle: 6 or more of its digits.")
    var handle: String

    @Flag(help: "Show secrets, too. Needs --reason.")
    var reveal = false

    @Option(parsing: .unconditional, help: ArgumentHelp("Why: for the audit log.", valueName: "text"))
    var reason: String?

    @Option(help: "How to print it; else a table for a person, JSON for a program.")
    var format: LineFormat?

    func run(in environment: CommandEnvironment, output: Output) async throws {
        let open = try await OpenStore(store, toChange: reveal, in: environment, note: output.note)
        if reveal { try requireReveal(open) }
        guard let id = try await open.directory.session(withHandle: handle),
            let detail = try await open.directory.detail(id)
        else { throw SessionsError(.notFound, "no session has this handle: see sessiontop list") }
        if reveal {
            let order = environment.order(reason: Reason.given(reason))
            try await open.directory.record(.reveal, target: "s:\(id.handle)", count: 1, order: order)
        }
        let payload = PayloadReading(detail, keys: try PayloadReading.keys(for: open.keysURL, environment.variable))
        if let note = payload.note { output.note(note) }
        let data = reveal ? payload.data : payload.data.masked
        let record = json(detail, data: data, family: payload.family, in: environment, open)
        switch LineFormat.chosen(format, for: output) {
        case .json: try output.line(record)
        case .table:
            var table = TextTable([.init(heading: "NAME"), .init(heading: "VALUE")], output: output)
            for (name, value) in record.leaves { try table.add([name, value]) }
            try table.finish()
        }
    }

    private func requireReveal(_ open: OpenStore) throws {
        guard Reason.given(reason) != nil else {
            throw SessionsError(.refused, "a reason is needed to reveal secrets: add --reason")
        }
        try open.require(open.directory.capabilities.audit, to: "put a reveal on record")
    }

    private func json(
        _ detail: SessionDetail, data: JSONValue, family: RefreshFamilyReport?, in environment: CommandEnvironment,
        _ open: OpenStore
    ) -> JSONValue {
        let line = SessionLine(
            row: detail.row, now: environment.time.wall(), layout: open.directory.description.layout,
            isJoined: open.directory.capabilities.pins.isPossible)
        var members = line.members
        members.append(.init("version", .integer(detail.version)))
        members.append(.init("authenticated", .time(detail.authenticated)))
        members.append(.init("tenant", .text(detail.tenant)))
        members.append(.init("client", .text(detail.client)))
        members.append(.init("revocation", detail.revocation.map(Self.json) ?? .null))
        if let family {
            let json = family.json(revocation: detail.revocation, at: environment.time.wall())
            members.append(.init("refreshFamily", json))
        }
        members.append(.init("data", data))
        if family != nil, let claims = GrantedClaims.json(in: data, of: detail) {
            members.append(.init("claims", claims))
        }
        members.append(.init("store", .object(detail.location.map { .init($0.name, .string($0.value)) })))
        return .object(members)
    }

    private static func json(_ revocation: Revocation) -> JSONValue {
        ["at": .time(revocation.at), "by": .string(revocation.by), "reason": .text(revocation.reason)]
    }
}

extension SessionsError.Code {
    /// There is no such session.
    static let notFound = SessionsError.Code("notFound")
}

/// Reasons that people give.
enum Reason {
    /// The reason, where it says anything.
    static func given(_ text: String?) -> String? {
        text.flatMap { $0.utf8.contains { $0 > UInt8(ascii: " ") } ? $0 : nil }
    }
}
