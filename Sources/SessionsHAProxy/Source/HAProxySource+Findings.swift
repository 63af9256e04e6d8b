public import Sessions

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#endif

/// What only a balancer can tell of itself.
extension HAProxySource {
    /// Who can reach the runtime API, whether the tables are full, what a reload forgets, which servers are away.
    public func findings(at now: Timestamp) async throws -> [Finding] {
        let process = try await client.ask(.showInformation, ProcessReader())
        let snapshot = try await snapshot()
        let peers = try await client.ask(.showPeers, PeerReader())
        let servers = try await client.ask(.showServers, ServerState.reader())
        var findings = [Self.process(process)]
        findings.append(
            Self.sockets(try? await client.ask(.showSockets, RuntimeSocket.reader()), address: client.address))
        findings.append(Self.room(snapshot))
        findings.append(Self.reload(snapshot, peers))
        findings.append(Self.cookies(snapshot))
        findings.append(Self.servers(servers))
        if let finding = Self.counting(snapshot) { findings.append(finding) }
        return findings
    }

    private static func process(_ process: ProcessFacts) -> Finding {
        guard process.isStopping else {
            return Finding("process", .fine, "HAProxy \(process.version) takes requests")
        }
        return Finding(
            "process", .problem, "this process was reloaded and is ending: another one takes the requests",
            advice: "look at the socket of the new process")
    }

    private static func sockets(_ sockets: [RuntimeSocket]?, address: HAProxyAddress) -> Finding {
        guard let sockets else { return Finding("runtime-api", .unknown, "HAProxy doesn't tell its sockets") }
        let powerful = sockets.filter { $0.level != "user" }
        if let open = powerful.first(where: \.isOpenToOthers) {
            return Finding(
                "runtime-api", .problem,
                "the runtime API listens at \(open.address) for whoever reaches it, with level \(open.level)",
                advice: "it has no password and no encryption, and tells every cookie: bind it to a Unix socket")
        }
        // The files of a balancer on another machine are not here.
        guard case .unixSocket = address else {
            return Finding("runtime-api", .fine, "no port of the runtime API is open to other machines")
        }
        for socket in powerful {
            guard let path = socket.path, FileMode.isWritableByAll(path) else { continue }
            return Finding(
                "runtime-api", .problem,
                "everybody on this machine may write to \(WireText.printable(path.utf8)), which has level \(socket.level)",
                advice: "whoever writes there reads every cookie and takes servers out: give it mode 660 and a group")
        }
        return Finding("runtime-api", .fine, "\(sockets.count) sockets, none of them for everybody")
    }

    private static func room(_ snapshot: StickSnapshot) -> Finding {
        let headers = snapshot.tables.map(\.header)
        let fullest = headers.filter { $0.size > 0 }.max {
            Double($0.used) / Double($0.size) < Double($1.used) / Double($1.size)
        }
        guard let fullest else { return Finding("table-room", .fine, "no table binds anybody") }
        let share = Double(fullest.used) / Double(fullest.size)
        let words = "\(fullest.name) holds \(fullest.used) of \(fullest.size) entries"
        let advice =
            "raise its size: a full table forgets the oldest for each new one, and their clients lose their server"
        if share >= 1 { return Finding("table-room", .problem, words, advice: advice) }
        return share >= 0.9
            ? Finding("table-room", .warning, words, advice: advice) : Finding("table-room", .fine, words)
    }

    private static func reload(_ snapshot: StickSnapshot, _ peers: PeerFacts) -> Finding {
        let lonely = snapshot.tables.map(\.header.name).filter { !peers.tables.contains($0) }
        guard lonely.isEmpty else {
            return Finding(
                "reload", .warning, "a reload forgets \(lonely.joined(separator: ", ")): no peers section shares it",
                advice: "add a peers section with this balancer in it, and `peers NAME` to the stick-table")
        }
        let away = peers.others.filter { $0.status != "ESTA" }.map(\.name)
        guard away.isEmpty else {
            return Finding(
                "reload", .warning, "not connected to its peers \(away.joined(separator: ", "))",
                advice: "sessions that come by them are bound anew: see that they run and that their port is open")
        }
        return Finding("reload", .fine, "what the tables hold outlives a reload")
    }

    private static func cookies(_ snapshot: StickSnapshot) -> Finding {
        let raw = snapshot.tables.filter { $0.header.kind == .string && !$0.entries.isEmpty }
        guard let table = raw.first else { return Finding("cookies", .fine, "no table holds cookies as they are") }
        return Finding(
            "cookies", .warning,
            "\(table.header.name) holds \(table.entries.count) keys as they are: as a rule, cookies",
            advice: "stick on a digest of them, as in `stick on req.cook(id),sha2(256),hex`, with `type string len 64`")
    }

    private static func servers(_ servers: [ServerState]) -> Finding {
        let names = ServerNames(servers)
        let down = servers.filter { !$0.isRunning && !$0.isInMaintenance }.map(names.node)
        guard down.isEmpty else {
            return Finding(
                "servers", .warning, "down by their health checks: \(down.joined(separator: ", "))",
                advice: "their clients are bound elsewhere: what they held in memory is lost")
        }
        let out = servers.filter { $0.isInMaintenance || $0.isDraining }.map(names.node)
        return Finding(
            "servers", .fine,
            out.isEmpty
                ? "\(servers.count) servers, none is down" : "taken out on purpose: \(out.joined(separator: ", "))")
    }

    private static func counting(_ snapshot: StickSnapshot) -> Finding? {
        guard !snapshot.countingTables.isEmpty else { return nil }
        let names = snapshot.countingTables.map(\.name).joined(separator: ", ")
        return Finding("tables", .fine, "left out, for they keep no server: \(names); see one with ?table=NAME")
    }
}

/// Who may do what with a file.
enum FileMode {
    /// Whether everybody on this machine may write to it; `false` where nobody can tell.
    static func isWritableByAll(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return false }
        return status.st_mode & S_IWOTH != 0
    }
}
