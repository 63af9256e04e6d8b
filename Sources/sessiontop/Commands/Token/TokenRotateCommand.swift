import ArgumentParser
import SessionTokens
import Sessions

/// `sessiontop token rotate FILE`: does what is due with a ring of signing keys.
struct TokenRotateCommand: TokenSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Do what is due with a key ring: publish the next key, drop those that are done.",
        discussion: """
            Run it from cron, or as often as you like: doing it again changes nothing. A new key is published for as long as \
            others may cache the key set before it signs, and kept for as long as its tokens live after. Nodes that follow \
            the file need no restart. Prints a line a key.

            With --payloads it works on a store instead: every payload that an older key has sealed is sealed again with the \
            first key of the file that SESSIONTOP_KEYS names, or of PATH.keys beside an SQLite file. Put the new key first, let \
            the services read the file, then run this; when it leaves none, the older keys can go.
            """)

    @OptionGroup(title: "Options of all commands") var common: CommonOptions

    @Argument(help: "The key ring; with --payloads the store.")
    var file: String?

    @Option(help: ArgumentHelp("How long a key signs.", valueName: "duration"))
    var every = "30d"

    @Option(help: ArgumentHelp("How long others may cache the key set.", valueName: "duration"))
    var cache = "1h"

    @Option(help: ArgumentHelp("The longest that a token lives.", valueName: "duration"))
    var life = "24h"

    @Flag(help: "Publish the next key now, due or not.")
    var now = false

    @Option(help: ArgumentHelp("Remove this key at once: it can't be trusted any more.", valueName: "kid"))
    var retire: String?

    @Flag(help: "Seal the payloads of a store again with the newest key.")
    var payloads = false

    func run(in environment: CommandEnvironment, output: Output) throws {
        guard let file else {
            throw SessionsError(
                .usage,
                "name the key ring: sessiontop token rotate FILE, or a store: sessiontop token rotate STORE --payloads")
        }
        guard !payloads else { return try sealAgain(file, in: environment, output: output) }
        guard !common.readOnly else { throw SessionsError(.refused, "--read-only: the key ring stays as it is") }
        let schedule = try self.schedule()
        let ring = try TokenKeyFile.named {
            try SigningKeyFile(file, schedule: schedule, time: environment.time)
        }
        let moment = environment.time.wall()
        try ring.change { ring in
            var new = try now ? ring.rotatedEarly(schedule, at: moment) : ring.rotated(schedule, at: moment)
            if let retire { new = try new.retiring(retire, at: moment) }
            return new
        }
        for line in try ring.ring.lines(schedule, at: moment) { try output.line(line) }
        guard retire != nil else { return }
        output.note(
            "Nodes refuse its tokens once they have read the file. If its private part was stolen, set a cut-off, too: "
                + "sessiontop revoke STORE --all"
        )
    }

    private func sealAgain(_ store: String, in environment: CommandEnvironment, output: Output) throws {
        let common = common
        let rotation = try runBlocking(interruptible: true) {
            let open = try await OpenStore(
                store, common, toChange: true, in: environment, note: { StandardError.note($0) })
            return try await PayloadRotation.run(on: open, in: environment)
        }
        try output.line(rotation.json)
        guard rotation.hasLeftovers else { return }
        output.note("Some payloads need an older key yet: keep it, and run this again.")
        throw ExitStatus.failed.exitCode
    }

    private func schedule() throws -> KeySchedule {
        let durations = try [every, cache, life].map { text in
            guard let duration = DurationText.parse(text) else {
                throw SessionsError(.usage, "\(text) is no duration such as 30d, 24h or 5m")
            }
            return duration
        }
        return try KeySchedule(
            period: durations[0], cacheLife: durations[1], tokenLife: durations[2] + TokenPolicy.greatestLeeway)
    }
}
