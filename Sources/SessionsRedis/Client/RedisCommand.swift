/// One command: its words as bytes, and the key that says which server of a cluster is asked.
struct RedisCommand: Sendable, Equatable {
    /// The command's name and arguments.
    var words: [[UInt8]]
    /// The key that decides about the server; `nil`: any will do.
    var key: [UInt8]?
    /// Whether a replica may answer: only an operator's reads.
    var mayAskReplica = false
}
