/// Ending sessions, and the feed that tells of it.
extension StoreScripts {
    // `a`: when, by whom, why, the order or `false`, its header, the ids. Answers the feed's end, and for each session
    // how it stood, its user, and who had ended it, when and why.
    static let revoke = writing(
        """
        local now, who, reason = a[1], a[2], a[3]
        local names, outcomes, changes, told, seen = {}, {}, {}, {}, {}
        for i = 6, #a do names[#names + 1] = P .. 's:' .. a[i] end
        -- All rows are read at once, and what is told of them is written at once: that is most of the work.
        local rows = #names > 0 and call('MGET', unpack(names)) or {}
        out[1] = 0
        for i, v in ipairs(rows) do
            local id = a[i + 5]
            if seen[id] then v = call('GET', names[i]) end
            seen[id] = true
            local r = v and parse(v)
            local s, at, by, why = 'n'
            if r then s, at, by, why = standing(r, now) end
            if s == 'l' then
                r[STATE], r[AT], r[BY], r[WHY] = 'r', now, who, reason
                call('SET', names[i], pack(r), 'XX', 'KEEPTTL')
                changeEnd, feedEnd = changeEnd + 1, feedEnd + 1
                changes[#changes + 1], changes[#changes + 2] = changeEnd, id
                told[#told + 1] = pack({'r', now, id})
            end
            local n = #out
            out[n + 1], out[n + 2] = s, r and r[USER] or false
            out[n + 3], out[n + 4], out[n + 5] = at or false, by or false, why or false
            outcomes[i] = id .. WORDS[s]
        end
        if #told > 0 then
            call('ZADD', P .. 'changes', unpack(changes))
            call('RPUSH', P .. 'feed', unpack(told))
        end
        note(a[4], a[5], now, outcomes)
        out[1] = feedEnd
        """)

    // `a`: kind and key of the scope, when, by whom, why, the order or `false`, its header. Answers the feed's end and
    // the ids of the user's sessions that were live.
    //
    // A user's rows are marked as well, so that whoever follows the changes sees them end; what a deadline had ended
    // before will read as revoked from now on, which is a change, too. The rows of all other scopes are too many for
    // one step: the cut-off ends them.
    static let cutOff = writing(
        """
        local kind, key, at, by, why = a[1], a[2], a[3], a[4], a[5]
        local outcomes, expired = {}, {}
        out[1] = 0
        if kind == 'user' then
            for _, id in ipairs(call('ZRANGE', P .. 'u:' .. key, 0, -1)) do
                local r = row(id)
                if r and r[STATE] == 'l' then
                    if standing(r, at) == 'l' then
                        mark(id, r, at, by, why)
                        out[#out + 1] = id
                        outcomes[#outcomes + 1] = id .. WORDS.l
                    else
                        expired[#expired + 1] = id
                    end
                end
            end
            for _, id in ipairs(expired) do changed(id) end
        else
            mustReload()
        end
        tell({'c', at, kind, key})
        cutoffEnd = feedEnd
        local field = kind .. ':' .. key
        local known = call('HGET', P .. 'cutoffs', field)
        local list = known and parse(known) or {}
        -- Of many in one scope the oldest give way: what they ended, the next of them ends as well.
        if #list >= 400 then list = {unpack(list, #list - 395, #list)} end
        for _, v in ipairs({feedEnd, at, by, why}) do list[#list + 1] = v end
        call('HSET', P .. 'cutoffs', field, pack(list))
        note(a[6], a[7], at, outcomes)
        out[1] = feedEnd
        """)

    // `a`: when, the order or `false`, its header, the keys of tokens. Answers the feed's end.
    static let deny = writing(
        """
        local outcomes = {}
        for i = 4, #a do
            tell({'d', a[1], a[i]})
            outcomes[#outcomes + 1] = a[i] .. 'denied'
        end
        note(a[2], a[3], a[1], outcomes)
        out[1] = feedEnd
        """)

    // `a`: the order, its header, when, the outcomes that a cut-off had.
    static let note = writing(
        """
        local outcomes = {}
        for i = 4, #a do outcomes[#outcomes + 1] = a[i] end
        note(a[1], a[2], a[3], outcomes)
        """)

    // `a`: now, by how much later or `false`, the moment or `false`, the order, its header, the ids. Answers for each
    // session its outcome, and two moments of it.
    static let extend = writing(
        """
        local now, by, till = a[1], a[2], a[3]
        local STANDING = {r = 'revoked', e = 'expired'}
        local function extend(id)
            local r = row(id)
            if not r then return 'notFound' end
            local s = standing(r, now)
            if s ~= 'l' then return 'refused', STANDING[s] end
            local old = r[IDLE] or r[ABSOLUTE]
            if not old then return 'unchanged' end
            local wanted = by and old + by or till
            local new = r[ABSOLUTE] and math.min(r[ABSOLUTE], wanted) or wanted
            if not r[IDLE] or new <= old then return 'unchanged', old end
            r[IDLE] = new
            put(id, r)
            return new < wanted and 'clipped' or 'extended', old, new
        end
        local outcomes = {}
        for i = 6, #a do
            local word, x, y = extend(a[i])
            for _, v in ipairs({word, x or false, y or false}) do out[#out + 1] = v end
            outcomes[#outcomes + 1] = a[i] .. word
        end
        note(a[4], a[5], now, outcomes)
        """)

    // `a`: a position, how many; -1: all. Answers where the feed begins and ends, the generation,
    // and the entries after the position.
    static let feed = reading(
        """
        out = {feedStart, feedEnd, tonumber(call('HGET', meta, 'generation') or 0)}
        local first = math.max(0, a[1] - feedStart)
        if a[2] ~= 0 and a[1] < feedEnd then
            local last = a[2] < 0 and -1 or first + a[2] - 1
            for _, v in ipairs(call('LRANGE', P .. 'feed', first, last)) do out[#out + 1] = v end
        end
        return pack(out)
        """)

    // `a`: a position, how many. Answers where the changes begin and end, and the ids after the position with theirs.
    static let changes = reading(
        """
        out = {changeStart, changeEnd}
        if a[1] >= changeStart and a[1] < changeEnd then
            local found = call('ZRANGEBYSCORE', P .. 'changes', '(' .. string.format('%.0f', a[1]), '+inf',
                'WITHSCORES', 'LIMIT', 0, a[2])
            for i = 1, #found, 2 do
                out[#out + 1], out[#out + 2] = found[i], tonumber(found[i + 1])
            end
        end
        return pack(out)
        """)
}
