internal import Sessions

/// One item at a time: read, put over what was read, added, taken away.
extension MemcachedStore {
    /// An item as it was read, and what it takes to put another over it.
    struct Found: Sendable {
        /// Its value.
        let bytes: [UInt8]
        fileprivate let cas: UInt64
        fileprivate let server: UInt16
    }

    /// Others may write between our two commands so often before we give up.
    static let attempts = 200
    /// So many commands are on their way at once.
    static let itemsAtOnce = 500
    /// What our items carry: "SS", a number that other clients don't use.
    private static let flags: UInt32 = 0x5353

    /// Reads an item; `nil`: nothing stands there.
    ///
    /// By a request it counts as used, and is thrown out later; who looks at the store, or purges it, leaves it as it is.
    func fetch(_ key: MemcachedKey, bumps: Bool = true) async throws -> Found? {
        try await beforeCommand()
        let lane = client.lane(of: key)
        let (reply, server) = try await lane.send(.get(key, bumps: bumps))
        switch reply {
        case .outcome(.miss): return nil
        case .item(let value, let flags):
            guard let cas = flags.cas, cas != 0 else {
                throw SessionsError(
                    .unsupported, "memcached at \(lane.address) keeps no CAS, which sessions need: start it without -C")
            }
            return Found(bytes: value, cas: cas, server: server)
        default: throw failure(reply, lane)
        }
    }

    /// Puts an item over the one that was read; `false`: that one isn't there any more.
    func put(_ bytes: [UInt8], at key: MemcachedKey, over found: Found, life: MemcachedLife) async throws -> Bool {
        try checkSize(bytes)
        try await beforeCommand()
        let lane = client.lane(of: key)
        let command = MemcachedCommand.set(key, value: bytes, flags: Self.flags, life: life, cas: found.cas)
        switch try await lane.send(command, onlyTo: found.server) {
        case .outcome(.done): return true
        // Another run of the server has nothing of what was read.
        case nil, .outcome: return false
        case .some(let reply): throw failure(reply, lane)
        }
    }

    /// Adds an item; `false`: something stands there.
    func add(_ bytes: [UInt8], at key: MemcachedKey, life: MemcachedLife) async throws -> Bool {
        try checkSize(bytes)
        try await beforeCommand()
        let lane = client.lane(of: key)
        switch try await lane.send(.add(key, value: bytes, flags: Self.flags, life: life)).0 {
        case .outcome(.done): return true
        case .outcome: return false
        case let reply: throw failure(reply, lane)
        }
    }

    /// Takes away the item that was read; `false`: that one isn't there any more.
    @discardableResult
    func remove(_ key: MemcachedKey, _ found: Found) async throws -> Bool {
        try await beforeCommand()
        let lane = client.lane(of: key)
        switch try await lane.send(.delete(key, cas: found.cas), onlyTo: found.server) {
        case .outcome(.done): return true
        case nil, .outcome: return false
        case .some(let reply): throw failure(reply, lane)
        }
    }

    /// Writes what nobody else writes: an entry under a number that only we have.
    func write(_ bytes: [UInt8], at key: MemcachedKey, life: MemcachedLife) async throws {
        try await beforeCommand()
        let lane = client.lane(of: key)
        let (reply, _) = try await lane.send(.set(key, value: bytes, flags: Self.flags, life: life))
        guard reply == .outcome(.done) else { throw failure(reply, lane) }
    }

    /// Adds to a number, and answers it.
    func count(_ key: MemcachedKey, by step: Int, beginning: Int64) async throws -> Int64 {
        try await beforeCommand()
        let lane = client.lane(of: key)
        let (reply, _) = try await lane.send(
            .count(key, by: UInt64(clamping: step), beginning: UInt64(clamping: beginning)))
        guard case .item(let digits, _) = reply else { throw failure(reply, lane) }
        guard let number = UInt64(decimal: digits).flatMap(Int64.init(exactly:)) else { throw PackedReader.corrupt }
        return number
    }

    /// Does the same for each of many, a few hundred at once; the answers are in their order.
    func forEach<Element: Sendable, Result: Sendable>(
        _ elements: [Element], _ work: @escaping @Sendable (Element) async throws -> Result
    ) async throws -> [Result] {
        var all: [Result] = []
        all.reserveCapacity(elements.count)
        for slice in elements.slices(of: Self.itemsAtOnce) {
            try Task.checkCancellation()
            all += try await withThrowingTaskGroup(of: (Int, Result).self) { group in
                for index in slice.indices { group.addTask { (index, try await work(slice[index])) } }
                return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
            }
        }
        return all
    }

    /// A server that is sent too much throws away what it had.
    private func checkSize(_ bytes: [UInt8]) throws {
        guard bytes.count <= largestValue else {
            let canGrow = largestValue < WireDecoder.Limits().value
            throw SessionsError(
                .storeFull,
                "\(url) takes \(largestValue) bytes in one item: keep less in a session"
                    + (canGrow ? ", or raise its -I" : ""))
        }
    }

    func failure(_ reply: MemcachedReply, _ lane: MemcachedLane) -> SessionsError {
        if case .refused(let refusal) = reply { return .refusal(refusal, lane.address) }
        return .notMemcached(lane.address)
    }

    /// Others changed one item without end.
    var isBusy: SessionsError {
        SessionsError(.busy, "others change the same item of \(url) without end: try again")
    }

    /// Nothing may be written.
    func requireWritable() throws {
        guard mode != .readOnly else {
            throw SessionsError(
                .readOnly, "\(url) can't be written: it was opened to be read: open it without --read-only")
        }
    }
}
