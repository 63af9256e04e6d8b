internal import SessionLayouts
internal import Sessions

/// Spring's sessions: hashes.
extension RedisLayoutSource {
    /// What is known of a hash before its values are asked for.
    private struct Outline {
        let key: [UInt8]
        let life: Duration?
        let hasShadow: Bool
        var sizes: [(name: [UInt8], size: Int)] = []

        var byteCount: Int { sizes.reduce(0) { $0 + $1.size } }

        /// Those of some fields whose values fit, in order.
        func fitting(_ wanted: (_ name: [UInt8]) -> Bool) -> [[UInt8]] {
            var left = RedisLayoutSource.largestValue
            return sizes.filter { name, size in
                guard wanted(name), size <= left else { return false }
                left -= size
                return true
            }.map(\.name)
        }
    }

    /// A hash with more fields is no session.
    private static let mostFields: Int64 = 1000

    /// The first keys that fit, read as hashes: the fields that a list needs, or all of them.
    func springs(_ keys: ArraySlice<[UInt8]>, whole: Bool) async throws -> [LayoutRecord?] {
        var outlines = try await outlines(of: keys)
        try await measure(&outlines)
        let listed = Set(SpringPlace.listed.map { Array($0.utf8) })
        var batch: [(outline: Outline, fields: [[UInt8]])?] = []
        var bytes = 0
        for outline in outlines where bytes < Self.bytesAtOnce {
            batch.append(outline.map { ($0, $0.fitting { whole || listed.contains($0) }) })
            bytes += outline?.byteCount ?? 0
        }
        return try await records(of: batch)
    }

    private func outlines(of keys: ArraySlice<[UInt8]>) async throws -> [Outline?] {
        let shadows = keys.map { SpringPlace.shadow(ofKey: $0) ?? $0 }
        let answers = try await executor.send(
            zip(keys, shadows).flatMap { [command("PTTL", $0), command("HLEN", $0), command("EXISTS", $1)] })
        return keys.enumerated().map { index, key in
            guard let measured = Self.measured(answers[3 * index], answers[3 * index + 1]),
                measured.size <= Self.mostFields, case .success(let shadow) = answers[3 * index + 2]
            else { return nil }
            return Outline(key: key, life: measured.life, hasShadow: shadow.integer == 1)
        }
    }

    /// Asks for the names of all fields, and for the lengths of their values.
    private func measure(_ outlines: inout [Outline?]) async throws {
        let places = outlines.indices.filter { outlines[$0] != nil }
        let keys = places.compactMap { outlines[$0]?.key }
        let names = try await executor.send(keys.map { command("HKEYS", $0) }).map { answer -> [[UInt8]] in
            if case .success(let value) = answer { value.elements?.compactMap(\.bytes) ?? [] } else { [] }
        }
        let lengths = zip(keys, names).flatMap { key, names in names.map { command("HSTRLEN", key, [$0]) } }
        var answers = try await executor.send(lengths)[...]
        for (place, names) in zip(places, names) {
            outlines[place]?.sizes = names.map { name in
                guard case .success(let value)? = answers.popFirst() else { return (name, 0) }
                return (name, Int(toldSize: value.integer ?? 0))
            }
        }
    }

    private func records(of batch: [(outline: Outline, fields: [[UInt8]])?]) async throws -> [LayoutRecord?] {
        let asked = batch.compactMap { $0 }.filter { !$0.fields.isEmpty }
        var answers = try await executor.send(asked.map { command("HMGET", $0.outline.key, $0.fields) })[...]
        return batch.map { item in
            guard let (outline, fields) = item, !fields.isEmpty, case .success(let reply)? = answers.popFirst(),
                let values = reply.elements, values.count == fields.count
            else { return nil }
            let read = Dictionary(zip(fields, values.map(\.bytes))) { first, _ in first }
            return .hash(
                HashRecord(
                    key: outline.key,
                    parts: outline.sizes.map { PayloadPart(name: $0.name, value: read[$0.name] ?? nil) },
                    byteCount: outline.byteCount, life: outline.life, hasShadow: outline.hasShadow))
        }
    }
}

/// Spring's sessions: what the indexed repository keeps of users.
extension RedisLayoutSource {
    /// Takes sessions that have ended, and whose user isn't known, out of every set of a user's sessions.
    ///
    /// One walk over the keys is enough for all of them.
    func tidy(after changes: [LayoutChange]) async {
        // The ids, by what stands before the names in the keys of those sets.
        var ids: [[UInt8]: Set<[UInt8]>] = [:]
        for case .endSpring(let end) in changes {
            if let users = end.users { ids[users, default: []].insert(end.id) }
        }
        guard !ids.isEmpty else { return }
        // Wherever it fails, the sessions have ended: Spring passes over members that stand for none.
        try? await takeOutOfIndex(ids)
    }

    private func takeOutOfIndex(_ ids: [[UInt8]: Set<[UInt8]>]) async throws {
        var walk = KeyWalk(pattern: SpringPlace.usersGlob)
        while !walk.isAtEnd {
            let sets = try await walk.next(1000, through: executor).compactMap { key in
                ids.first { key.starts(with: $0.key) }.map { (key: key, ended: $0.value) }
            }
            // Asked for first: of very many ids each set has few.
            let answers = try await executor.send(
                sets.map { RedisCommand(words: [.word("SMEMBERS"), $0.key], key: $0.key) })
            let removals = zip(sets, answers).compactMap { set, answer -> RedisCommand? in
                guard case .success(let reply) = answer, let all = reply.elements else { return nil }
                let members = all.compactMap(\.bytes).filter(set.ended.contains)
                return members.isEmpty ? nil : RedisCommand(words: [.word("SREM"), set.key] + members, key: set.key)
            }
            _ = try await executor.send(removals)
        }
    }
}

extension RedisScript {
    // Ends a session of Spring's indexed repository as that does it: the hash stays for five minutes with an interval of
    // zero, the sets forget it, and the key whose end is waited for goes last. Answers 1 where it had not ended.
    //
    // `KEYS` and `ARGV`: those of `SpringEnd`.
    static let endSpring = lua(
        springNumbers + """
            local read = redis.call('HMGET', KEYS[1], 'lastAccessedTime', 'maxInactiveInterval')
            if not read[1] or not read[2] or read[2] == ARGV[5] then return 0 end
            local seen, interval = number(read[1], 8), number(read[2], 4)
            redis.call('HSET', KEYS[1], 'maxInactiveInterval', ARGV[5])
            redis.call('PEXPIRE', KEYS[1], 300000)
            if seen and interval and interval >= 0 then
                local minute = math.floor((seen + interval * 1000) / 60000 + 1) * 60000
                redis.call('SREM', ARGV[1] .. string.format('%.0f', minute), ARGV[4])
            end
            redis.call('ZREM', KEYS[3], ARGV[3])
            for _, set in ipairs(redis.call('SMEMBERS', KEYS[4])) do
                local start = string.find(set, ARGV[2], 1, true)
                if start then redis.call('SREM', (string.gsub(string.sub(set, start), '"$', '')), ARGV[3]) end
            end
            redis.call('DEL', KEYS[4])
            if KEYS[5] then redis.call('SREM', KEYS[5], ARGV[3]) end
            redis.call('DEL', KEYS[2])
            return 1
            """)

    // Moves the deadline of a session of Spring's in every place that keeps it, where it is the one that was read;
    // answers 1 where that was done.
    //
    // `KEYS`: those of `SpringMove`. `ARGV`: both fields as they were read, the new interval, the life in milliseconds;
    // with the indexed repository the id, the member of a set of ends, and the new end.
    static let moveSpring = lua(
        """
        local read = redis.call('HMGET', KEYS[1], 'lastAccessedTime', 'maxInactiveInterval')
        if read[1] ~= ARGV[1] or read[2] ~= ARGV[2] then return 0 end
        redis.call('HSET', KEYS[1], 'maxInactiveInterval', ARGV[3])
        if not KEYS[2] then
            redis.call('PEXPIRE', KEYS[1], ARGV[4])
            return 1
        end
        local longer = tonumber(ARGV[4]) + 300000
        redis.call('PEXPIRE', KEYS[1], string.format('%.0f', longer))
        redis.call('APPEND', KEYS[2], '')
        redis.call('PEXPIRE', KEYS[2], ARGV[4])
        if redis.call('ZSCORE', KEYS[3], ARGV[5]) then
            redis.call('ZADD', KEYS[3], ARGV[7], ARGV[5])
            return 1
        end
        redis.call('SREM', KEYS[4], ARGV[6])
        redis.call('SADD', KEYS[5], ARGV[6])
        if redis.call('PTTL', KEYS[5]) < longer then
            redis.call('PEXPIRE', KEYS[5], string.format('%.0f', longer))
        end
        return 1
        """)

    // A number as Spring's serializer writes it: at the end of a boxed one of Java's, so many bytes, or in digits.
    private static let springNumbers = """
        local function number(text, width)
            if string.sub(text, 1, 4) ~= '\\172\\237\\0\\5' then
                return tonumber(string.match(text, '(%-?%d+)%]?$'))
            end
            local value = 0
            for place = #text - width + 1, #text do value = value * 256 + string.byte(text, place) end
            if value >= 2 ^ (8 * width - 1) then value = value - 2 ^ (8 * width) end
            return value
        end

        """
}
