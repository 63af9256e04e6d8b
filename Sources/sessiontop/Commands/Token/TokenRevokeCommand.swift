import ArgumentParser
import Sessions

/// `sessiontop token revoke STORE …`: denies a token, or cuts off a client or a tenant.
struct TokenRevokeCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revoke signed tokens: one, or all of a client or a tenant.",
        discussion: """
            It waits until the revoke is effective, that is until no verifier that follows the store's feed accepts the \
            tokens any more. The tokens of a session, a refresh family or a user end with `sessiontop revoke`.
            """)

    @OptionGroup var store: StoreOptions

    @Option(parsing: .unconditional, help: ArgumentHelp("The token's jti, with --issuer.", valueName: "id"))
    var jti: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("The token's iss, with --jti.", valueName: "issuer"))
    var issuer: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("All tokens and sessions that were issued to this client.", valueName: "id"))
    var client: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("All tokens and sessions of this tenant.", valueName: "name"))
    var tenant: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How long tokens live at most, to tell when the last one dies.", valueName: "duration"))
    var tokenLife = "15m"

    @OptionGroup var order: OrderOptions

    @Flag(help: "Return when it is durable: don't wait until it is effective.")
    var noWait = false

    func run(in environment: CommandEnvironment, output: Output) async throws {
        let target = try DenialTarget(jti: jti, issuer: issuer, client: client, tenant: tenant)
        let exposure = try ResidualExposure(tokenLife: tokenLife)
        let open = try await OpenStore(store, toChange: true, in: environment, note: output.note)
        try open.require(open.directory.capabilities.revoke, to: "revoke", isDryRun: order.dryRun)
        try Self.requireFeed(of: open)
        let printer = try TokenOutcome.printer(order.format, output: output)
        if order.dryRun {
            try await record(target, open, environment, note: output.note)
            return try print(.would(target), with: printer)
        }
        try await agree(to: target, open, environment, note: output.note)
        let receipt = try await target.revoke(
            in: open.directory, order: environment.order(reason: order.givenReason))
        let isWhole = receipt.unreached.isEmpty
        try print(isWhole ? .done(target) : .failed(target, unreached: receipt.unreached), with: printer)
        try output.flush()
        output.note(exposure.note(for: target.description, at: environment.time.wall()))
        try await follow(receipt, open.directory, environment, output)
    }

    /// Another framework's store has no feed that tells verifiers of tokens, nor has a balancer.
    private static func requireFeed(of open: OpenStore) throws {
        let layout = open.directory.description.layout
        guard layout == "native" else {
            throw SessionsError(
                .unsupported, "no verifier hears of tokens through \(layout): name a store of sessiontop's own layout")
        }
    }

    private func print(_ outcome: TokenOutcome, with printer: RecordPrinter) throws {
        var printer = printer
        try printer.print(outcome.json)
        try printer.finish()
    }

    private func record(
        _ target: DenialTarget, _ open: OpenStore, _ environment: CommandEnvironment, note: (String) -> Void
    ) async throws {
        guard !open.isReadOnly, open.directory.capabilities.audit.isPossible else {
            return note("Not on record: the store keeps no audit log, or is open for reading only.")
        }
        try await open.directory.record(
            .dryRun, target: "revoke \(target.auditName)", count: 0,
            order: environment.order(reason: order.givenReason))
    }

    /// Makes sure that it is wanted: for one token `y`, for a client or a tenant its name.
    private func agree(
        to target: DenialTarget, _ open: OpenStore, _ environment: CommandEnvironment, note: (String) -> Void
    ) async throws {
        guard order.givenReason != nil || target.isOne && !open.isProtected else {
            throw SessionsError(.refused, "a reason is needed to revoke \(target.description): add --reason")
        }
        guard !order.yes else { return }
        guard let ask = environment.ask else {
            throw SessionsError(.refused, "nobody is there to agree: add --yes to revoke \(target.description)")
        }
        note("This will revoke \(target.description) in \(open.name).")
        let answer = target.agreement
        guard let given = ask("Type \(answer) to revoke, anything else not to:"), given.hasBytes(of: answer)
        else { throw SessionsError(.refused, "not agreed: nothing was done") }
    }

    private func follow(
        _ receipt: RevokeReceipt, _ directory: any SessionDirectory, _ environment: CommandEnvironment,
        _ output: Output
    ) async throws {
        var work = RevokeWork(directory: directory, environment: environment, output: output)
        work.note(unreached: receipt.unreached)
        if noWait {
            output.note("Durable. Not waited for: verifiers may accept it for a moment yet.")
        } else {
            await work.waitUntilEffective(receipt)
        }
        if work.hasFailure { throw ExitStatus.failed.exitCode }
    }
}
