/// What nodes publish, what the audit log gets, and what is removed.
extension StoreScripts {
    // So many sessions or entries of the feed are removed in one step.
    static let step = 500

    // `a`: the node, its report, when its process began, its heartbeat, its sample; a sample is taken when the last one
    // is so old; samples are kept so long.
    static let publish = writing(
        """
        local node, started, at = a[1], a[3], a[4]
        call('HSET', P .. 'nodes', node, a[2])
        local v = call('HGET', P .. 'sampled', node)
        local last = v and parse(v) or {false, 0}
        if last[1] ~= started or last[2] <= at - a[6] then
            call('ZADD', P .. 'samples', at, a[5])
            call('HSET', P .. 'sampled', node, pack({started, at}))
        end
        call('ZREMRANGEBYSCORE', P .. 'samples', '-inf', '(' .. string.format('%.0f', at - a[7]))
        """)

    // `a`: the generation that is known, the next one. Answers the store's.
    static let beginGeneration = writing(
        """
        out[1] = tonumber(call('HGET', meta, 'generation') or 0)
        if out[1] <= a[1] then
            out[1] = a[2]
            call('HSET', meta, 'generation', a[2])
        end
        """)

    // `a`: how many entries the log has, the next one, the order or `false`. Answers `d` when it is in, `c` where
    // somebody else put in the order's entry, else how many there are, and the last.
    static let audit = writingWhenFull(
        """
        local order = a[3]
        if order and not call('ZSCORE', P .. 'open', order) then return pack({'c'}) end
        local count = call('LLEN', P .. 'audit')
        if count ~= a[1] then return pack({'n', count, call('LINDEX', P .. 'audit', -1)}) end
        call('RPUSH', P .. 'audit', a[2])
        if order then
            call('ZREM', P .. 'open', order)
            call('LPOP', P .. 'order:' .. order)
            if call('EXISTS', P .. 'order:' .. order) == 1 then
                call('RENAME', P .. 'order:' .. order, P .. 'outcomes:' .. string.format('%.0f', count + 1))
            end
        end
        out[1] = 'd'
        """)

    // Removes sessions whose absolute deadline has come, and whose tombstone's time has passed.
    //
    // A tombstone that must stay is looked at again when its time has come. `a`: now, how long tombstones stay. Answers
    // how many sessions were removed, and whether there may be more.
    static let removeSessions = writingWhenFull(
        """
        local now, kept = a[1], a[2]
        local due = call('ZRANGEBYSCORE', P .. 'ends', '-inf', string.format('%.0f', now), 'LIMIT', 0, \(step))
        local removed = 0
        for _, id in ipairs(due) do
            local r = row(id)
            local at = r and r[STATE] == 'r' and r[AT]
            if r and r[STATE] == 'l' then
                local c = cut(r)
                at = c and c[2]
            end
            if at and at + kept > now then
                call('ZADD', P .. 'ends', at + kept, id)
            else
                call('UNLINK', P .. 's:' .. id, Q .. id)
                call('ZREM', P .. 'ids', id)
                call('ZREM', P .. 'ends', id)
                if r and r[USER] then call('ZREM', P .. 'u:' .. r[USER], id) end
                changed(id)
                removed = removed + 1
            end
        end
        out = {removed, #due == \(step) and 1 or 0}
        """)

    // Drops the feed's entries of before a moment, `a[1]`, from its beginning. Answers whether there may be more.
    static let trimFeed = writingWhenFull(
        """
        local old = 0
        for _, v in ipairs(call('LRANGE', P .. 'feed', 0, \(step) - 1)) do
            if parse(v)[2] >= a[1] then break end
            old = old + 1
        end
        if old > 0 then call('LTRIM', P .. 'feed', old, -1) end
        feedStart = feedStart + old
        out[1] = old == \(step) and 1 or 0
        """)

    // Forgets the changes of before a moment: each purge notes how far they went. `a`: now, the moment.
    static let trimChanges = writingWhenFull(
        """
        local marks = P .. 'marks'
        local last = call('LINDEX', marks, -1)
        if not last or parse(last)[2] ~= changeEnd then call('RPUSH', marks, pack({a[1], changeEnd})) end
        local first = call('LINDEX', marks, 0)
        while first and parse(first)[1] < a[2] do
            changeStart = math.max(changeStart, parse(first)[2])
            call('LPOP', marks)
            first = call('LINDEX', marks, 0)
        end
        call('ZREMRANGEBYSCORE', P .. 'changes', '-inf', string.format('%.0f', changeStart))
        """)

    // Removes cut-offs. `a`: of each the field, the epoch, and when it was set.
    static let removeCutoffs = writingWhenFull(
        """
        local key = P .. 'cutoffs'
        for i = 1, #a, 3 do
            local known = call('HGET', key, a[i])
            local list, left = known and parse(known) or {}, {}
            for j = 1, #list, 4 do
                if list[j] ~= a[i + 1] or list[j + 1] ~= a[i + 2] then
                    for k = j, j + 3 do left[#left + 1] = list[k] end
                end
            end
            if #left == 0 then
                call('HDEL', key, a[i])
            elseif #left < #list then
                call('HSET', key, a[i], pack(left))
            end
        end
        """)

    // Forgets nodes whose last report is still the one that was found. `a`: of each the name, when its process began, and
    // its heartbeat.
    static let removeNodes = writingWhenFull(
        """
        for i = 1, #a, 3 do
            local v = call('HGET', P .. 'nodes', a[i])
            local last = v and parse(v)
            if last and last[1] == a[i + 1] and last[2] == a[i + 2] then
                call('HDEL', P .. 'nodes', a[i])
                call('HDEL', P .. 'sampled', a[i])
            end
        end
        """)
}
