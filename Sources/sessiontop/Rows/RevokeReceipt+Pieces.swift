import Sessions

extension RevokeReceipt {
    /// Takes in what a later piece of the same revoke brought.
    mutating func add(_ piece: RevokeReceipt) {
        outcomes += piece.outcomes
        unlisted += piece.unlisted
        position.raise(to: piece.position)
        durable = piece.durable
        let known = unreached
        unreached += piece.unreached.filter { !known.contains($0) }
    }
}
