import Sessions

extension RevokeReceipt {
    /// Takes in what a later piece of the same revoke brought.
    mutating func add(_ piece: RevokeReceipt) {
        outcomes += piece.outcomes
        unlisted += piece.unlisted
        position.raise(to: piece.position)
        durable = piece.durable
        let (known, told) = (unreached, gaps)
        unreached += piece.unreached.filter { !known.contains($0) }
        gaps += piece.gaps.filter { !told.contains($0) }
    }
}
