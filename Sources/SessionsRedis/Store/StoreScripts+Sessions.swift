/// What services do with sessions.
extension StoreScripts {
    // `a`: the id, the row, the payload, its life. Answers whether it was put in.
    static let insert = writing(
        """
        if isTaken(a[1]) then return pack({0}) end
        insert(a[1], a[2], a[3], a[4])
        out[1] = 1
        """)

    // `a`: the id. Answers the row and the payload, each `false` where it isn't there, and the cut-off that ends it.
    static let load = reading(
        """
        local v = call('GET', P .. 's:' .. a[1])
        if not v then return pack({false, false, false, false, false}) end
        local c = cut(parse(v)) or {}
        return pack({v, call('GET', Q .. a[1]), c[2] or false, c[3] or false, c[4] or false})
        """)

    // `a`: for each touch the id, when, the idle time, address, agent and node. Answers how each session stood and
    // its deadlines.
    static let touch = writing(
        """
        for i = 1, #a, 6 do
            local id, at, r = a[i], a[i + 1], row(a[i])
            local s = r and standing(r, at) or 'n'
            if s == 'l' then
                if at > r[SEEN] then r[SEEN] = at end
                if a[i + 2] and r[IDLE] then
                    local idle = math.max(r[IDLE], at + a[i + 2])
                    r[IDLE] = r[ABSOLUTE] and math.min(idle, r[ABSOLUTE]) or idle
                end
                r[IP], r[AGENT], r[NODE] = a[i + 3] or r[IP], a[i + 4] or r[AGENT], a[i + 5] or r[NODE]
                put(id, r)
            end
            out[#out + 1], out[#out + 2], out[#out + 3] = s, r and r[IDLE], r and r[ABSOLUTE]
        end
        """)

    // `a`: the id, the version that was read, now, the payload, its size. Answers how the session stood, and the
    // version that was found.
    static let save = writing(
        """
        local r = row(a[1])
        local s = r and standing(r, a[3]) or 'n'
        out = {s, r and r[VERSION]}
        if s == 'l' and r[VERSION] == a[2] then
            r[VERSION], r[SIZE] = a[2] + 1, a[5]
            call('SET', Q .. a[1], a[4], 'KEEPTTL')
            put(a[1], r)
        end
        """)

    // `a`: the old id, the new one, its row, payload and life, now, by whom and why. Answers how the old one stood;
    // `t`: the new id is taken.
    static let rotate = writing(
        """
        local r = row(a[1])
        local s = r and standing(r, a[6]) or 'n'
        if s ~= 'l' then return pack({s}) end
        if isTaken(a[2]) then return pack({'t'}) end
        revoke(a[1], a[6], a[7], a[8])
        insert(a[2], a[3], a[4], a[5])
        out[1] = s
        """)
}
