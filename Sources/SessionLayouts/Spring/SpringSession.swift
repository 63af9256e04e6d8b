extension Layout {
    private static func spring(_ name: String, _ summary: String, isIndexed: Bool) -> Layout {
        Layout(
            name, summary, in: [.redis], .spring(SpringPlace(isIndexed: isIndexed)), payload: SpringValue.encoding,
            notes: .spring
        ).with { $0.users = UserRule.spring }
    }

    /// Spring's sessions in Redis, by its indexed repository.
    static let springIndexed = spring(
        "spring-redis-indexed", "Spring Session, Redis, indexed: NAMESPACE:sessions:ID, and what knows of it",
        isIndexed: true)

    /// Spring's sessions in Redis, by its default repository.
    static let springRedis = spring(
        "spring-redis", "Spring Session, Redis: NAMESPACE:sessions:ID, Java serialization or JSON", isIndexed: false)

    /// Spring's sessions in a database.
    static let springJDBC = Layout(
        "spring-jdbc", "Spring Session, JDBC: SPRING_SESSION and its attributes, Java serialization or JSON",
        in: [.sqlite, .postgres],
        .table(
            TablePlace(
                "spring_session", key: "primary_id",
                payload: .parts(
                    TablePlace.Parts(
                        "spring_session_attributes", owner: "session_primary_id", name: "attribute_name",
                        value: "attribute_bytes")),
                expiry: .interval(seen: "last_access_time", seconds: "max_inactive_interval", end: "expiry_time")
            ).with {
                $0.user = "principal_name"
                $0.created = .init("creation_time", .milliseconds)
                $0.seen = .init("last_access_time", .milliseconds)
                $0.others = ["session_id"]
            }),
        payload: SpringValue.encoding, notes: .spring)
}

extension UserRule {
    /// What the application says, else who has signed in with Spring Security.
    static let spring: [UserRule] =
        [.path([SpringPlace.principal])]
        + [["principal", "username"], ["principal", "name"], ["principal"], ["name"]].map {
            .path([SpringPlace.security, "authentication"] + $0)
        }
}

extension LayoutNotes {
    static let spring = LayoutNotes(
        comesBack: nil,
        afterExtend: "It stays: the session's own maxInactiveInterval is raised, and counts from each request on.",
        beyondRevoke: "A remember-me cookie of Spring Security signs the user in again: take its token back, too.")
}
