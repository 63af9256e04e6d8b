internal import Sessions

/// The sessions of a balancer, to be found by whatever their store calls them.
struct PinIndex: Sendable {
    /// The tables as they were read.
    let snapshot: StickSnapshot
    private let places: [IDHash: Int32]

    /// Indexes what was read.
    init(_ snapshot: StickSnapshot) {
        self.snapshot = snapshot
        var places: [IDHash: Int32] = [:]
        places.reserveCapacity(snapshot.pins.count)
        var place = 0
        while place < snapshot.pins.count {
            let pin = snapshot.pins[place]
            let kind = snapshot.tables[Int(pin.table)].header.kind
            // What a key says by itself goes before what it may say when something is taken off.
            for (rank, id) in KeyForms.sessions(snapshot.key(pin), of: kind).enumerated()
            where rank == 0 || places[id] == nil {
                places[id] = Int32(place)
            }
            place = snapshot.row(at: place).next
        }
        self.places = places
    }

    /// The row of the balancer's that means a session of the store's; `nil`: it isn't bound.
    func row(_ id: IDHash) -> SessionRow? { places[id].map { snapshot.row(at: Int($0)).row } }
}
