import Sessions

/// A session that is in no store yet.
func freshSession(
    at now: Timestamp = Timestamp(milliseconds: 1_800_000_000_000), user: String? = "alice", payload: [UInt8] = [1]
) -> Session {
    Session(
        id: SessionID().hash, user: user, created: now, lifetime: .office, payload: Payload(bytes: payload))
}
