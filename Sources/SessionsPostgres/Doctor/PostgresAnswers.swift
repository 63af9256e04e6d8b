internal import Sessions

/// What a server answered when it was asked about itself, by a role that may not see everything: what is `nil` isn't
/// known.
struct PostgresAnswers: Sendable {
    /// How the connection came about.
    var link: Link
    /// The role that asks.
    var role: Role?
    /// What anybody who signs in may do with our tables, a table and a right each; empty: nothing.
    var publicRights: [String]?
    /// Rules of `pg_hba.conf` that let people in who prove nothing.
    var trust: Trust?
    /// Settings by name, as they are where a connection says nothing of its own.
    var settings: [String: String] = [:]
    /// Whether it follows another server, and who follows it.
    var replication: Replication?
    /// The schema's indexes: whether each is whole.
    var indexes: [String: Bool]?
    /// Whether the rule that ended sessions stay ended is kept by the server as well.
    var keepsFinality: Bool?
    /// The schema's tables.
    var tables: [Table]?
    /// What the rows of `sessions` should take.
    var rows: RowSizes?
    /// Connections to the whole server.
    var connections: Int?
    /// The server's clock.
    var clock: ClockReading?
    /// The first part of the server's version.
    var majorVersion: Int

    /// How a connection came about.
    struct Link: Sendable {
        var safety: LinkSafety
        /// A socket of this machine: whoever the system says it is.
        var isSocket: Bool
        /// Whether the server asked for a password.
        var usedPassword: Bool
        /// Whether it may have seen a certificate of ours instead.
        var hasCertificate: Bool
    }

    /// What a role may do.
    struct Role: Sendable {
        var name: String
        var isSuperuser = false
        var makesRoles = false
        var makesDatabases = false
        var replicates = false
        var passesRowSecurity = false
        /// Whether it may run programs or touch files on the server.
        var leavesDatabase = false
        /// Whether our tables are its own: it may drop them, and change the audit log.
        var ownsTables = false
    }

    /// How many rules let people in without a proof.
    struct Trust: Sendable {
        /// From this machine only.
        var local: Int
        /// From elsewhere.
        var remote: Int
    }

    /// Who follows whom.
    struct Replication: Sendable {
        /// It is a standby itself.
        var isStandby: Bool
        /// It hears from its primary now, if it is a standby.
        var hasPrimary: Bool
        /// Standbys that follow it.
        var standbys: Int
    }

    /// A table's figures.
    struct Table: Sendable {
        var name: String
        var live: Int64
        var dead: Int64
        var bytes: Int64
        /// Whether autovacuum passes it over.
        var isLeftOut: Bool
    }

    /// What the rows of a table should take.
    struct RowSizes: Sendable {
        /// So many rows, by the last ANALYZE; negative: there was none.
        var count: Int64
        /// Bytes of the values of a row, on average.
        var width: Int64
        /// Whether there is a figure for each column: a role sees those of the columns that it may read.
        var isComplete: Bool
        /// Bytes of the table.
        var bytes: Int64
    }
}
