extension Layout {
    private static let phpID = IDShape(22...256, .php)
    private static let phpPayload = PayloadEncoding.firstOf([.php, .igbinary, .phpSession, .phpMessagePack])
    private static let phpUsers: [UserRule] = [.path(["user_id"]), .path(["uid"]), .path(["auth", "id"])]

    /// PHP's sessions in Redis.
    static let phpRedis = Layout(
        "phpredis", "PHP, phpredis: PHPREDIS_SESSION:ID, any serialize_handler", in: [.redis],
        .keys(KeyPlace(.exactly("PHPREDIS_SESSION:"), phpID)), payload: phpPayload,
        notes: LayoutNotes(
            comesBack: "a request that is being served, and changes the session, writes it again",
            afterExtend: "The next request sets session.gc_maxlifetime again.")
    ).with { $0.users = phpUsers }

    /// PHP's sessions in Memcached.
    static let phpMemcached = Layout(
        "php-memcached", "PHP, the memcached extension: memc.sess.key.ID, any serialize_handler", in: [.memcached],
        .keys(KeyPlace(.exactly("memc.sess.key."), phpID, lock: "lock.")), payload: phpPayload,
        notes: LayoutNotes(
            comesBack: "a request that is being served, and changes the session, writes it again",
            afterExtend: "The next request sets session.gc_maxlifetime again.")
    ).with { $0.users = phpUsers }
}
