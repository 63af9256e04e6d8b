/// A server of a backend, as `show servers state` tells it.
struct ServerState: Sendable, Equatable {
    /// Its backend.
    var backend: String
    /// Its number within the backend: what entries of stick tables refer to.
    var number: Int
    /// Its name.
    var name: String
    /// Its address and port, or the name it is found by.
    var address: String
    /// Whether it takes requests by its health: 0 stopped, 1 starting, 2 running, 3 stopping.
    var operation: Int
    /// Why not: a set of bits.
    var administration: Int
    /// Its weight now.
    var weight: Int
    /// Its weight by the configuration.
    var configuredWeight: Int
    /// How long it has been as it is.
    var since: Duration

    /// It is in maintenance: by order, by its configuration, because what it tracks is, or for want of an address.
    var isInMaintenance: Bool { administration & 0b110_0111 != 0 }
    /// It takes bound clients alone: by order, by the configuration, or because what it tracks does.
    var isDraining: Bool { administration & 0b001_1000 != 0 }
    /// Its health lets it take requests.
    var isRunning: Bool { operation != 0 }

    /// Reads a row; `nil` for one that lacks what every version tells.
    init?(_ row: ColumnedRow) {
        guard let backend = row["be_name"], let name = row["srv_name"], let number = row.number("srv_id"),
            let operation = row.number("srv_op_state"), let administration = row.number("srv_admin_state")
        else { return nil }
        (self.backend, self.name, self.number) = (backend, name, number)
        (self.operation, self.administration) = (operation, administration)
        let host = row["srv_addr"] ?? "-"
        let shown = host == "-" ? row["srv_fqdn"] ?? "-" : host
        let port = row.number("srv_port") ?? 0
        address = port > 0 ? (shown.contains(":") ? "[\(shown)]:\(port)" : "\(shown):\(port)") : shown
        weight = row.number("srv_uweight") ?? 0
        configuredWeight = row.number("srv_iweight") ?? weight
        since = .seconds(max(0, row.number("srv_time_since_last_change") ?? 0))
    }

    /// A reader of all of them.
    static func reader(_ limits: RuntimeLimits = RuntimeLimits()) -> ColumnedReader<ServerState> {
        ColumnedReader(.words, limits: limits) { ServerState($0) }
    }
}
