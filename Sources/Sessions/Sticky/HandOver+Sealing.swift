/// A session as it travels: sealed for its id, its version and nothing else but travelling.
extension PayloadSealer {
    /// Seals a session whose payload is opened.
    ///
    /// - Parameters:
    ///   - session: the session.
    ///   - hops: from how many nodes it has come when it arrives.
    ///   - until: when the bytes are worth nothing any more, so that they can't be used again later.
    /// - Returns: `nil` where the session is too large to travel.
    /// - Throws: ``SessionsError`` with `invalidKey` where the system's cryptography fails.
    func seal(_ session: Session, hops: Int64, until: Timestamp) throws -> HandOver.Row? {
        guard let plain = SessionCoding.encode(session, until: until) else { return nil }
        let counted = withUnsafeBytes(of: hops.bigEndian) { Array($0) } + plain
        let sealed = try seal(counted, id: session.id, version: session.version, as: .handOver)
        return HandOver.Row(id: session.id, version: session.version, sealed: sealed)
    }

    /// Opens a session that has arrived; `nil` where it isn't one of ours, was changed, or has travelled for too long.
    func open(_ row: HandOver.Row, at now: Timestamp) -> (session: Session, hops: Int64)? {
        guard let counted = try? open(row.sealed, id: row.id, version: row.version, as: .handOver), counted.count > 8,
            let (session, until) = SessionCoding.decode(Array(counted[8...]), id: row.id, version: row.version),
            now < until
        else { return nil }
        return (session, Int64(bitPattern: counted[..<8].reduce(0) { $0 << 8 | UInt64($1) }))
    }
}
