/// Ending sessions, and the feed that tells of it.
extension StoreScripts {
    // `a`: when, by whom, why, the order or `false`, its header, 1 where an id may be among them twice, the ids. Answers
    // the feed's end; a letter for each session, how it stood; then for each its user, and where it wasn't live, when it
    // had ended, and who had ended it and why.
    //
    // Whoever ends many waits for this script: rows are read at once, and what is told of them is written at once; a row
    // that is plainly live is ended where it stands in the bytes. One whose deadline has passed is ended as well: that is
    // so by somebody's clock, and a touch from before it may be under way still.
    static let revoke = writingWhenFull(
        """
        local now, who, reason = a[1], a[2], a[3]
        local sub, unpackSome = string.sub, cmsgpack.unpack_limit
        local ended, entry = pack(now, who, reason), '\\147' .. pack('r', toldAt(now)) .. '\\217\\032'
        -- A row of 19 values, the first of them `l` and the last three absent, that nothing ended yet: as it is to be
        -- written, and its user. `nil`: for the long way.
        local function endedRow(v)
            -- Where the `l` stands, and its kind before it.
            local at = sub(v, 1, 5) == '\\220\\000\\019\\161l' and 5 or sub(v, 1, 7) == '\\221\\000\\000\\000\\019\\161l' and 7
            if not at or sub(v, -3) ~= '\\194\\194\\194' then return nil end
            local _, _, _, epoch, _, _, _, _, idle, absolute, user = unpackSome(v, USER, at - 2)
            if epoch < cutoffEnd or idle and idle <= now or absolute and absolute <= now then return nil end
            return sub(v, 1, at - 1) .. 'r' .. sub(v, at + 1, -4) .. ended, user
        end
        local names, letters, told, seen, n, prefix = {}, {}, {}, a[6] == 1 and {}, 2, P .. 's:'
        for i = 7, #a do names[i - 6] = prefix .. a[i] end
        local rows = #names > 0 and call('MGET', unpack(names)) or {}
        for i = 1, #rows do
            local id, v = a[i + 6], rows[i]
            if seen and seen[id] then v = call('GET', names[i]) end
            if seen then seen[id] = true end
            local s, at, by, why = 'n'
            local row, user
            if v then row, user = endedRow(v) end
            if row then
                s = 'l'
            elseif v then
                local r = parse(v)
                s, at, by, why = standing(r, now)
                local isOpen = s ~= 'r' and r[STATE] == 'l'
                r[STATE], r[AT], r[BY], r[WHY] = 'r', now, who, reason
                row, user = isOpen and pack(r), r[USER]
            end
            n, letters[i] = n + 1, s
            out[n] = user or false
            if row then
                call('SET', names[i], row, 'XX', 'KEEPTTL')
                changed(id)
                told[#told + 1] = entry .. id
            end
            if s ~= 'l' then
                out[n + 1], out[n + 2], out[n + 3] = at or false, by or false, why or false
                n = n + 3
            end
            became(id, WORDS[s])
        end
        if #told > 0 then call('RPUSH', P .. 'feed', unpack(told)) end
        feedEnd = feedEnd + #told
        note(a[4], a[5], now)
        out[1], out[2] = feedEnd, table.concat(letters)
        """)

    // `a`: kind and key of the scope, when, by whom, why, the order or `false`, its header. Answers the feed's end and
    // the ids of the user's sessions that were live.
    //
    // A user's rows are marked as well, so that whoever follows the changes sees them end; what a deadline had ended
    // before will read as revoked from now on, which is a change, too. The rows of all other scopes are too many for
    // one step: the cut-off ends them.
    static let cutOff = writingWhenFull(
        """
        local kind, key, at, by, why = a[1], a[2], a[3], a[4], a[5]
        local expired = {}
        out[1] = 0
        if kind == 'user' then
            for _, id in ipairs(call('ZRANGE', P .. 'u:' .. key, 0, -1)) do
                local r = row(id)
                if r and r[STATE] == 'l' then
                    if standing(r, at) == 'l' then
                        mark(id, r, at, by, why)
                        out[#out + 1] = id
                        became(id, WORDS.l)
                    else
                        expired[#expired + 1] = id
                    end
                end
            end
            for _, id in ipairs(expired) do changed(id) end
        else
            mustReload()
        end
        -- What it ends is told by its own time, behind what older versions read.
        tell({'c', at, kind, key, at})
        cutoffEnd = feedEnd
        local field = kind .. ':' .. key
        local known = call('HGET', P .. 'cutoffs', field)
        local list = known and parse(known) or {}
        -- Of many in one scope the oldest give way: what they ended, the next of them ends as well.
        if #list >= 400 then list = {unpack(list, #list - 395, #list)} end
        for _, v in ipairs({feedEnd, at, by, why}) do list[#list + 1] = v end
        call('HSET', P .. 'cutoffs', field, pack(list))
        -- Beside its epoch, which a cut-off of another past may have as well.
        call('HSET', meta, 'cutoffAt', string.format('%.0f', at) .. ' ' .. field)
        note(a[6], a[7], at)
        out[1] = feedEnd
        """)

    // `a`: when, the order or `false`, its header, the keys of tokens. Answers the feed's end.
    static let deny = writingWhenFull(
        """
        for i = 4, #a do
            tell({'d', a[1], a[i]})
            became(a[i], 'denied')
        end
        note(a[2], a[3], a[1])
        out[1] = feedEnd
        """)

    // `a`: the order, its header, when, the ids of sessions that its cut-off ended.
    static let note = writingWhenFull(
        """
        for i = 4, #a do became(a[i], WORDS.l) end
        note(a[1], a[2], a[3])
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
        for i = 6, #a do
            local word, x, y = extend(a[i])
            for _, v in ipairs({word, x or false, y or false}) do out[#out + 1] = v end
            became(a[i], word)
        end
        note(a[4], a[5], now)
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

    // `a`: a position, how many. Answers where the changes begin and end, how far this goes, and the ids that changed
    // after the position, each once. What was noted together has one position after the other, the last the one it
    // stands under.
    static let changes = reading(
        """
        local reached, limit, seen, n = a[1], a[2], {}, 0
        if reached >= changeStart and reached < changeEnd then
            repeat
                local found = call('ZRANGEBYSCORE', P .. 'changes', '(' .. string.format('%.0f', reached), '+inf',
                    'WITHSCORES', 'LIMIT', 0, 100)
                for i = 1, #found, 2 do
                    local ids, count = found[i], #found[i] / 32
                    local before = tonumber(found[i + 1]) - count
                    for place = math.max(reached - before, 0), count - 1 do
                        if n == limit then break end
                        local id = string.sub(ids, 32 * place + 1, 32 * place + 32)
                        if not seen[id] then
                            seen[id], n = true, n + 1
                            out[n + 3] = id
                        end
                        reached = before + place + 1
                    end
                end
            until #found < 200 or n == limit
            if n < limit then reached = changeEnd end
        end
        out[1], out[2], out[3] = changeStart, changeEnd, reached
        return pack(out)
        """)
}
