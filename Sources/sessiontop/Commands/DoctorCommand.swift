import ArgumentParser
import Sessions

/// `sessiontop doctor STORE`: what is wrong or unsafe about a store and its sessions.
struct DoctorCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Tell what is wrong or unsafe about a store and its sessions.",
        discussion: "It only looks. The status is 1 where there is a problem; warnings alone leave it at 0.")

    @OptionGroup var store: StoreOptions

    @Option(
        help: ArgumentHelp(
            "The shared cache in front of the store, to look at as well, such as redis://HOST.", valueName: "url"))
    var cache: String?

    @Option(help: "How to print them.")
    var format = ResultFormat.table

    func run(in environment: CommandEnvironment, output: Output) async throws {
        let open = try await OpenStore(store, in: environment, note: output.note)
        let doctor = Doctor(open.directory, cache: try await sharedCache(), at: environment.time.wall())
        let findings = try await doctor.examine()
        var printer = try RecordPrinter(Self.columns, format: format, output: output)
        for finding in findings { try printer.print(finding.json) }
        try printer.finish()
        if findings.contains(where: { $0.severity == .problem }) { throw ExitStatus.failed.exitCode }
    }

    private func sharedCache() async throws -> (any SharedCache)? {
        guard let cache else { return nil }
        guard let url = StoreURL(cache) else {
            throw SessionsError(
                .usage, "\(StoreURL.masked(cache)) is no shared cache's URL: write --cache redis://HOST")
        }
        return try await StoreScheme.share(url)
    }

    private static let columns = [
        RecordColumn("severity", heading: "SEVERITY"), RecordColumn("check", heading: "CHECK"),
        RecordColumn("message", heading: "FOUND", .long), RecordColumn("advice", heading: "ADVICE", .long),
    ]
}

extension Finding {
    fileprivate var json: JSONValue {
        [
            "severity": .text(severity.rawValue), "check": .text(check), "message": .text(message),
            "advice": .text(advice),
        ]
    }
}
