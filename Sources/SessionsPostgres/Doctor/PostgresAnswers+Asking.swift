internal import CLibPQ
internal import Sessions

extension PostgresAnswers {
    /// Asks a server; what the role may not ask stays unknown, and no refusal is an error.
    ///
    /// - Parameters:
    ///   - link: a connection to it.
    ///   - time: this machine's clock.
    /// - Throws: ``PostgresFailure`` where the server gives no answer.
    init(asking link: SessionsPostgres.Link, time: TimeSource) throws {
        self.init(
            link: Link(
                safety: link.safety, isSocket: link.isSocket, usedPassword: link.usedPassword,
                hasCertificate: link.option("sslcert")?.isEmpty == false),
            majorVersion: Int(PQserverVersion(link.connection)) / 10_000)
        role = try link.ask(Self.roleQuery) { try Self.role($0) } ?? nil
        publicRights = try link.ask(Self.publicQuery) { $0.map { $0.text(0) } }
        trust = try link.ask(Self.trustQuery) { Self.trust($0) } ?? nil
        settings =
            try link.ask(Self.settingsQuery) { rows in
                Dictionary(rows.map { ($0.text(0), $0.text(1)) }) { $1 }
            } ?? [:]
        try askForState(link)
        let before = time.wall()
        clock =
            try link.ask(Self.clockQuery) { rows in
                rows.first { ClockReading(server: $0.moment(0), asked: before, answered: time.wall()) } ?? nil
            } ?? nil
    }

    private mutating func askForState(_ link: SessionsPostgres.Link) throws {
        replication =
            try link.ask(Self.replicationQuery) { rows in
                rows.first { Replication(isStandby: $0.bool(0), hasPrimary: $0.bool(1), standbys: Int($0.integer(2))) }
            } ?? nil
        indexes = try link.ask(Self.indexQuery) { rows in Dictionary(rows.map { ($0.text(0), $0.bool(1)) }) { $1 } }
        keepsFinality = try link.ask(Self.finalityQuery) { $0.first { $0.bool(0) } ?? false }
        tables = try link.ask(Self.tableQuery) { rows in
            rows.map {
                Table(
                    name: $0.text(0), live: $0.integer(1), dead: $0.integer(2), bytes: $0.integer(3),
                    isLeftOut: $0.bool(4))
            }
        }
        rows =
            try link.ask(Self.rowQuery) { rows in
                rows.first {
                    RowSizes(count: $0.integer(0), width: $0.integer(1), isComplete: $0.bool(2), bytes: $0.integer(3))
                }
            } ?? nil
        connections = try link.ask(Self.connectionsQuery) { $0.first { Int(clamping: $0.integer(0)) } } ?? nil
    }

    private static func role(_ rows: Rows) throws -> Role? {
        rows.first {
            Role(
                name: $0.text(0), isSuperuser: $0.bool(1), makesRoles: $0.bool(2), makesDatabases: $0.bool(3),
                replicates: $0.bool(4), passesRowSecurity: $0.bool(5), leavesDatabase: $0.bool(6),
                ownsTables: $0.bool(7))
        }
    }

    private static func trust(_ rows: Rows) -> Trust? {
        rows.first { Trust(local: Int(clamping: $0.integer(0)), remote: Int(clamping: $0.integer(1))) }
    }
}

extension Link {
    /// Runs a question; `nil` where the role may not ask it, or this server doesn't know what it is about.
    fileprivate func ask<Result>(_ sql: String, _ read: (Rows) throws -> Result) throws -> Result? {
        do {
            return try read(try run([.once(sql)])[0])
        } catch let failure as PostgresFailure where failure.kind == .refused {
            return nil
        }
    }

    fileprivate var isSocket: Bool {
        let host = PQhost(connection).map { String(cString: $0) } ?? ""
        return host.hasPrefix("/") || host.hasPrefix("@")
    }

    fileprivate var usedPassword: Bool { PQconnectionUsedPassword(connection) == 1 }
}
