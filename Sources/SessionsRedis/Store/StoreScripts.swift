/// The steps of the native store, each one script: the server runs it as a whole, with nothing between.
///
/// `ARGV` of each: how the keys begin, how the payloads' keys begin, and a MessagePack array; so is the answer. Every
/// time comes from the caller. No key is declared: the scripts reach all keys of one namespace, which lie on one server;
/// in a cluster, in one slot. While that slot is being moved a server has only some of them, and no script begins there.
enum StoreScripts {
    /// A script that changes nothing.
    static func reading(_ body: String) -> RedisScript {
        .lua(beginning + judging + body, isReadOnly: true)
    }

    /// A script that writes: what its body answers in `out` is sent when the positions are written.
    static func writing(_ body: String) -> RedisScript {
        .lua(beginning + judging + changing + body + ending)
    }

    /// A script that writes to a server that has reached its maxmemory as well: it ends sessions, puts something on the
    /// record, or makes room.
    static func writingWhenFull(_ body: String) -> RedisScript {
        .lua(beginning + judging + goingOnWhenFull + changing + body + ending)
    }

    /// The values of a row by their places, as `StoredRow` has them; the positions of the namespace.
    private static let beginning = """
        local P, Q = ARGV[1], ARGV[2]
        local call, pack, parse = redis.call, cmsgpack.pack, cmsgpack.unpack
        local a = parse(ARGV[3])
        local out = {}
        local STATE, VERSION, EPOCH, PLACE, SEEN, IDLE, ABSOLUTE = 1, 2, 3, 4, 7, 8, 9
        local USER, TENANT, CLIENT, IP, AGENT, NODE, SIZE, AT, BY, WHY = 10, 11, 12, 13, 14, 15, 16, 17, 18, 19
        local meta = P .. 'meta'
        -- In a cluster: a slot that is being moved is refused here, by its key that isn't there, before anything is done.
        if string.sub(P, 10, 10) == '{' then call('EXISTS', P .. 'none') end
        local m = call('HMGET', meta, 'feedStart', 'feedEnd', 'cutoffEnd', 'changeStart', 'changeEnd', 'format')
        if m[6] and m[6] ~= '\(StoreKeys.format)' then return redis.error_reply('TOONEW of a newer version') end
        local feedStart, feedEnd, cutoffEnd = tonumber(m[1] or 0), tonumber(m[2] or 0), tonumber(m[3] or 0)
        local changeStart, changeEnd = tonumber(m[4] or 0), tonumber(m[5] or 0)
        local function row(id)
            local v = call('GET', P .. 's:' .. id)
            return v and parse(v)
        end

        """

    /// How a session stands: the rule of `Session.standing(at:cutoffs:)`.
    private static let judging = """
        -- The first cut-off after a session's issue that covers it; most are younger than all of them.
        local function cut(r)
            if r[EPOCH] >= cutoffEnd then return nil end
            local fields = {'everyone:'}
            if r[TENANT] then fields[#fields + 1] = 'tenant:' .. r[TENANT] end
            if r[USER] then fields[#fields + 1] = 'user:' .. r[USER] end
            if r[CLIENT] then fields[#fields + 1] = 'client:' .. r[CLIENT] end
            local first
            for _, v in ipairs(call('HMGET', P .. 'cutoffs', unpack(fields))) do
                local c = v and parse(v) or {}
                for i = 1, #c, 4 do
                    if c[i] > r[EPOCH] then
                        if not first or c[i] < first[1] then first = {c[i], c[i + 1], c[i + 2], c[i + 3]} end
                        break
                    end
                end
            end
            return first
        end
        local function nearest(r)
            local idle, absolute = r[IDLE], r[ABSOLUTE]
            if idle and absolute then return idle < absolute and idle or absolute end
            return idle or absolute
        end
        -- l: live; r: revoked, with when, by whom and why; e: expired, with when.
        local function standing(r, now)
            if r[STATE] == 'r' then return 'r', r[AT], r[BY], r[WHY] end
            if r[STATE] ~= 'l' then return 'e', nearest(r) end
            local c = cut(r)
            if c then return 'r', c[2], c[3], c[4] end
            local ends = nearest(r)
            if ends and ends <= now then return 'e', ends end
            return 'l'
        end

        """

    /// A full server refuses what may take more memory, but only before a script's first write: this is one, which takes
    /// none and changes nothing.
    private static let goingOnWhenFull = """
        call('UNLINK', P .. 'none')

        """

    /// Writing: a row is only ever written over one that is there, and only by callers that found it live.
    private static let changing = """
        local altered = {}
        local function changed(id) altered[#altered + 1] = id end
        local function put(id, r)
            call('SET', P .. 's:' .. id, pack(r), 'XX', 'KEEPTTL')
            changed(id)
        end
        local function mark(id, r, at, by, why)
            r[STATE], r[AT], r[BY], r[WHY] = 'r', at, by, why
            put(id, r)
        end
        -- When the feed's next entry is told: no earlier than the one before it, whatever the clock of its writer says.
        local function toldAt(at)
            local last = call('LINDEX', P .. 'feed', -1)
            local isRead, entry = pcall(parse, last)
            local told = isRead and type(entry) == 'table' and entry[2]
            return type(told) == 'number' and math.max(at, told) or at
        end
        local function tell(entry)
            entry[2] = toldAt(entry[2])
            feedEnd = feedEnd + 1
            call('RPUSH', P .. 'feed', pack(entry))
        end
        -- Ends a session that is live; answers whether it is there, whose it is, and how it stood.
        local function revoke(id, at, by, why)
            local r = row(id)
            if not r then return 'n', false end
            local s, found, who, reason = standing(r, at)
            if s == 'l' then
                mark(id, r, at, by, why)
                tell({'r', at, id})
            end
            return s, r[USER], found, who, reason
        end
        local function isTaken(id) return call('EXISTS', P .. 's:' .. id) == 1 end
        -- life: in milliseconds; 0: no end.
        local function insert(id, packed, payload, life)
            local r = parse(packed)
            r[EPOCH], r[PLACE] = feedEnd, call('HINCRBY', meta, 'place', 1)
            local user = r[USER] and P .. 'u:' .. r[USER]
            local known = user and call('PTTL', user)
            if life > 0 then
                call('SET', P .. 's:' .. id, pack(r), 'NX', 'PX', life)
                call('SET', Q .. id, payload, 'PX', life)
            else
                call('SET', P .. 's:' .. id, pack(r), 'NX')
                call('SET', Q .. id, payload)
            end
            call('ZADD', P .. 'ids', 0, id)
            if r[ABSOLUTE] then call('ZADD', P .. 'ends', r[ABSOLUTE], id) end
            if user then
                call('ZADD', user, r[PLACE], id)
                -- A user's sessions are known as long as the last of them is: -2 stands for none, -1 for no end.
                if life > 0 and (known == -2 or (known >= 0 and known < life)) then
                    call('PEXPIRE', user, life)
                elseif life == 0 then
                    call('PERSIST', user)
                end
            end
            changed(id)
        end
        -- Nobody can be told what changed: whoever follows reads all rows again.
        local function mustReload()
            changeEnd = changeEnd + 1
            changeStart = changeEnd
            call('UNLINK', P .. 'changes')
        end
        local WORDS = {l = 'revoked', r = 'alreadyRevoked', e = 'expired', n = 'notFound'}
        -- What became of each, in order: the ids of up to 500 that follow each other, then the word of them all.
        local outcomes, same, word = {}, {}, false
        local function endRun()
            if #same > 0 then outcomes[#outcomes + 1] = table.concat(same) .. word end
            same = {}
        end
        local function became(id, w)
            if w ~= word or #same == 500 then
                endRun()
                word = w
            end
            same[#same + 1] = id
        end
        -- Keeps an order with what it did until the audit log has its entry; begun by its first outcome.
        local function note(order, header, at)
            if not order then return end
            endRun()
            local key = P .. 'order:' .. order
            if call('EXISTS', key) == 0 then
                call('ZADD', P .. 'open', at, order)
                call('RPUSH', key, header)
            end
            -- So many values fit into one call.
            for i = 1, #outcomes, 1000 do
                call('RPUSH', key, unpack(outcomes, i, math.min(i + 999, #outcomes)))
            end
        end

        """

    /// Notes what was altered, writes the positions, tells of new entries of the feed.
    ///
    /// The ids of up to 500 sessions stand in the log of changes together, under the position of the last: whoever is
    /// between two positions of one step has seen neither. It goes back 100,000 changes, and by one more for every four
    /// sessions.
    private static let ending = """

        for i = 1, #altered, 500 do
            local last = math.min(i + 499, #altered)
            changeEnd = changeEnd + last - i + 1
            call('ZADD', P .. 'changes', changeEnd, table.concat(altered, '', i, last))
        end
        local oldest = changeEnd - 100000 - math.floor(call('ZCARD', P .. 'ids') / 4)
        if oldest > changeStart then
            changeStart = oldest
            call('ZREMRANGEBYSCORE', P .. 'changes', '-inf', string.format('%.0f', oldest))
        end
        -- A server that keeps nothing on its disk begins anew under a store that is open.
        if not m[6] then call('HSET', meta, 'format', '\(StoreKeys.format)') end
        call('HSET', meta, 'feedStart', feedStart, 'feedEnd', feedEnd, 'cutoffEnd', cutoffEnd,
            'changeStart', changeStart, 'changeEnd', changeEnd)
        -- Only faster than the nodes' polls: a user who may not publish must not fail for it, halfway through.
        if feedEnd > tonumber(m[2] or 0) then redis.pcall('PUBLISH', P .. 'news', feedEnd) end
        return pack(out)
        """
}
