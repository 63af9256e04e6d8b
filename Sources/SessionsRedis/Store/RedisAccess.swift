/// What a user of the server must be allowed, as the rules of `ACL SETUSER`.
///
/// ```
/// ACL SETUSER sessiontop on >PASSWORD RULES
/// ```
///
/// In a cluster the namespace stands in braces in the names, and a client asks who has which slots. Each server of a
/// cluster has a list of users of its own: set them on all.
///
/// The payloads lie under `payloads:NAMESPACE:`, everything else of a namespace under `sessions:NAMESPACE:`: only
/// ``serving(namespace:)`` names the payloads, and no other user can read one.
///
/// Whoever revokes publishes to the channel `sessions:NAMESPACE:news`, to which services subscribe: without it nodes learn
/// of a revoke by their polls alone.
///
/// What scripts do is checked against the rules command by command, as if the user had sent it. A user who may revoke
/// may write rows, and so is trusted with them: it can end every session, and could damage the records, but can't read
/// what applications keep in their sessions. Sealed payloads are safe from both, see `PayloadSealer`.
public enum RedisAccess {
    private static func connection(_ inCluster: Bool) -> String {
        inCluster ? "+ping +select +info +cluster|slots +asking" : "+ping +select +info"
    }
    private static let looking =
        "+evalsha +eval +get +mget +exists +pttl +hget +hmget +hgetall +lrange +lindex +llen "
        + "+zrange +zrangebylex +zrangebyscore +zscore +zcard"
    private static let writing = "+set +hset +zadd +zrem +zremrangebyscore +rpush +lpop +rename +unlink +publish"

    /// The rules of a user who may list, inspect and count, and change nothing.
    ///
    /// - Parameters:
    ///   - namespace: the store's namespace.
    ///   - inCluster: whether the server is one of a cluster.
    /// - Returns: the rules, to put behind the user's name and password.
    public static func looking(namespace: String = "default", inCluster: Bool = false) -> String {
        let name = Self.name(namespace, inCluster)
        return "resetkeys resetchannels -@all %R~sessions:\(name):* \(connection(inCluster)) \(looking)"
    }

    /// The rules of a user who may also revoke and extend sessions, which the audit log records.
    ///
    /// - Parameters:
    ///   - namespace: the store's namespace.
    ///   - inCluster: whether the server is one of a cluster.
    /// - Returns: the rules, to put behind the user's name and password.
    public static func revoking(namespace: String = "default", inCluster: Bool = false) -> String {
        let name = Self.name(namespace, inCluster)
        return "resetkeys resetchannels -@all ~sessions:\(name):* &sessions:\(name):news \(connection(inCluster)) "
            + "\(looking) \(writing)"
    }

    /// The rules of a service: everything that the store does, payloads included.
    ///
    /// - Parameters:
    ///   - namespace: the store's namespace.
    ///   - inCluster: whether the server is one of a cluster.
    /// - Returns: the rules, to put behind the user's name and password.
    public static func serving(namespace: String = "default", inCluster: Bool = false) -> String {
        "\(revoking(namespace: namespace, inCluster: inCluster)) ~payloads:\(name(namespace, inCluster)):* "
            + "+hsetnx +hincrby +hdel +persist +pexpire +ltrim +subscribe"
    }

    private static func name(_ namespace: String, _ inCluster: Bool) -> String {
        inCluster ? "{\(namespace)}" : namespace
    }
}
