internal import SessionLayouts
internal import Sessions

/// A layout's keys in Redis.
struct RedisLayoutSource: LayoutSource {
    /// Longer values aren't read: a list must stay quick.
    static let largestValue = 1 << 20
    /// So many bytes of values are asked for at once.
    static let bytesAtOnce = 8 << 20

    let layout: Layout
    let executor: any RedisExecutor
    let url: String
    let isReadOnly: Bool
    let time: TimeSource
    /// Counts what its connections cost the server; `nil`: nobody does.
    var meter: TrafficMeter?
    var traffic: StoreTraffic? { meter?.traffic }

    func keys(after mark: [UInt8]?, limit: Int) async throws -> (keys: [[UInt8]], next: [UInt8]?) {
        guard let pattern = layout.keyPlace?.glob else {
            throw SessionsError(.unsupported, "the layout \(layout.name) has no keys: name another with --layout")
        }
        var walk = try mark.map { try KeyWalk(pattern: pattern, mark: $0) } ?? KeyWalk(pattern: pattern)
        do {
            let keys = try await walk.next(max(1, limit), through: executor)
            return (keys, walk.mark)
        } catch let error as RedisError {
            throw SessionsError.translating(error, of: url)
        }
    }

    func records(_ keys: ArraySlice<[UInt8]>, whole: Bool) async throws -> [LayoutRecord?] {
        if case .spring = layout.place { return try await springs(keys, whole: whole) }
        return try await strings(keys)
    }

    func members(ofSet key: [UInt8]) async throws -> [[UInt8]] {
        do {
            return try await executor.send(command("SMEMBERS", key)).elements?.compactMap(\.bytes) ?? []
        } catch let error as RedisError {
            throw SessionsError.translating(error, of: url)
        }
    }

    func apply(_ changes: [LayoutChange]) async throws -> [Bool] {
        guard !isReadOnly else {
            throw SessionsError(
                .readOnly, "\(url) can't be written: it was opened to be read: open it without --read-only")
        }
        var done: [Bool] = []
        do {
            for change in changes { done.append(try await apply(change)) }
        } catch let error as RedisError {
            throw SessionsError.translating(error, of: url)
        }
        return done
    }

    private func apply(_ change: LayoutChange) async throws -> Bool {
        switch change {
        case .deleteKeys(let keys):
            // The first says whether the session was there: a lock alone is none.
            return try await executor.run(.deleteTogether, keys: keys, arguments: []).integer == 1
        case .expireKey(let key, let until, let replacement):
            let arguments: [[UInt8]] = [life(until: until)] + (replacement.map { [$0.old, $0.new] } ?? [])
            return try await executor.run(.liveLonger, keys: [key], arguments: arguments).integer == 1
        case .endSpring(let end):
            return try await executor.run(.endSpring, keys: end.keys, arguments: end.arguments).integer == 1
        case .moveSpring(let move):
            let arguments = move.old + [move.interval, life(until: move.until)] + move.members
            let end: [[UInt8]] = move.members.isEmpty ? [] : [.word("\(move.until.milliseconds)")]
            return try await executor.run(.moveSpring, keys: move.keys, arguments: arguments + end).integer == 1
        case .deleteRow, .setColumns:
            throw SessionsError(.unsupported, "Redis has no tables")
        }
    }

    private func life(until moment: Timestamp) -> [UInt8] {
        .word("\(max(1, (moment - time.wall()).wholeMilliseconds))")
    }

    // MARK: Reading

    func command(_ name: StaticString, _ key: [UInt8], _ rest: [[UInt8]] = []) -> RedisCommand {
        RedisCommand(words: [.word("\(name)"), key] + rest, key: key, mayAskReplica: true)
    }

    /// The first keys that fit, read as strings.
    private func strings(_ keys: ArraySlice<[UInt8]>) async throws -> [LayoutRecord?] {
        let measures = try await executor.send(keys.flatMap { [command("PTTL", $0), command("STRLEN", $0)] })
        var batch: [(key: [UInt8], life: Duration?, size: Int)?] = []
        var bytes = 0
        for (index, key) in keys.enumerated() where bytes < Self.bytesAtOnce {
            let measured = Self.measured(measures[2 * index], measures[2 * index + 1])
            batch.append(measured.map { (key, $0.life, $0.size) })
            bytes += min(measured?.size ?? 0, Self.largestValue)
        }
        return try await values(of: batch)
    }

    /// How long a key lives and how long its value is, which may be empty; `nil`: it is gone, or of another type.
    static func measured(
        _ life: Result<RESPValue, RedisError>, _ size: Result<RESPValue, RedisError>
    ) -> (life: Duration?, size: Int)? {
        guard case .success(let life) = life, case .success(let size) = size, let left = life.integer, left != -2,
            let size = size.integer
        else { return nil }
        return (left < 0 ? nil : .milliseconds(left), Int(toldSize: size))
    }

    private func values(of batch: [(key: [UInt8], life: Duration?, size: Int)?]) async throws -> [LayoutRecord?] {
        let wanted = batch.compactMap { $0 }.filter { $0.size <= Self.largestValue }
        var values = try await executor.send(wanted.map { command("GET", $0.key) })[...]
        return batch.map { item in
            guard let item else { return nil }
            guard item.size <= Self.largestValue else {
                return .key(KeyRecord(key: item.key, value: nil, byteCount: item.size, life: item.life))
            }
            guard case .success(let reply)? = values.popFirst(), let value = reply.bytes else { return nil }
            return .key(KeyRecord(key: item.key, value: value, byteCount: value.count, life: item.life))
        }
    }
}

extension RedisScript {
    // Deletes keys together; answers 1 where the first was there.
    fileprivate static let deleteTogether = lua(
        """
        local was = redis.call('EXISTS', KEYS[1])
        redis.call('DEL', unpack(KEYS))
        return was
        """)

    // Lets a key live longer, and puts another value in the place of the one that was read; answers 1 where that was
    // done. A key without a life keeps none, and none is shortened.
    //
    // `ARGV`: the life in milliseconds; the value that was read and the new one, or nothing.
    fileprivate static let liveLonger = lua(
        """
        local left = redis.call('PTTL', KEYS[1])
        if left < 0 then return 0 end
        if ARGV[2] then
            if redis.call('GET', KEYS[1]) ~= ARGV[2] then return 0 end
            redis.call('SET', KEYS[1], ARGV[3], 'KEEPTTL')
        end
        if tonumber(ARGV[1]) > left then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
        return 1
        """)
}
