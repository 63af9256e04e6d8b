/// The steps of a shared cache: `KEYS[1]` is the session's key.
extension RedisScript {
    // Answers what stands there; where nothing of ours does, puts the lease in and answers nothing.
    //
    // `ARGV`: the lease, its life in milliseconds.
    static let readOrLease = lua(
        """
        local v = redis.call('GET', KEYS[1])
        if v then
            local kind = string.sub(v, 1, 1)
            if (kind == 'T' and #v == 1) or (kind == 'L' and #v == 9) or (kind == 'V' and #v >= 9) then return v end
        end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        return false
        """)

    // Puts a copy in where the filler's own lease stands.
    //
    // `ARGV`: the lease, the copy, its life in milliseconds. Answers 1 or 0.
    static let fill = lua(
        """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
        return 1
        """)

    // Puts a new copy in the place of the one that it was made from; deletes whatever else isn't a tombstone.
    //
    // `ARGV`: how the old copy begins; the new one and its life in milliseconds, or nothing.
    static let replace = lua(
        """
        local v = redis.call('GET', KEYS[1])
        if not v or v == 'T' then return 0 end
        if ARGV[2] and string.sub(v, 1, #ARGV[1]) == ARGV[1] then
            redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
        else
            redis.call('DEL', KEYS[1])
        end
        return 1
        """)
}
