/// Scripts run the same way everywhere: by hash, and once by text where a server doesn't know the hash.
///
/// A server forgets its scripts when it is started again, and each one of a cluster has to learn them by itself. EVAL
/// teaches and runs at once, and was not run before: NOSCRIPT means that nothing was done.
extension RedisExecutor {
    func run(_ script: RedisScript, keys: [[UInt8]], arguments: [[UInt8]]) async throws -> RESPValue {
        try await runTeaching { script.command($0, keys: keys, arguments: arguments) }
    }

    /// Runs a script that reaches keys which it doesn't declare, all of them in one slot.
    ///
    /// A server answers a script that it can't run to its end only where the script finds that out at once: then it is
    /// sent again.
    ///
    /// - Parameters:
    ///   - script: the script.
    ///   - place: any key of that slot.
    ///   - arguments: its arguments.
    /// - Returns: its answer.
    /// - Throws: as ``send(_:)``.
    func run(_ script: RedisScript, near place: [UInt8], arguments: [[UInt8]]) async throws -> RESPValue {
        try await runTeaching { naming in
            var command = script.command(naming, keys: [], arguments: arguments)
            command.key = place
            return command
        }
    }

    private func runTeaching(_ command: (RedisScript.Naming) -> RedisCommand) async throws -> RESPValue {
        do {
            return try await send(command(.byHash))
        } catch let error as RedisError where error.kind == "NOSCRIPT" {
            return try await send(command(.byText))
        }
    }

    func run(_ script: RedisScript, for calls: [(keys: [[UInt8]], arguments: [[UInt8]])]) async throws -> [Result<
        RESPValue, RedisError
    >] {
        try await runTeaching(calls.count) { script.command($1, keys: calls[$0].keys, arguments: calls[$0].arguments) }
    }

    /// Runs a script that reaches keys which it doesn't declare, all of them in one slot, for many sets of arguments.
    ///
    /// - Parameters:
    ///   - script: the script.
    ///   - place: any key of that slot.
    ///   - calls: the arguments of each call; the server takes the calls in their order.
    /// - Returns: the answers, in order.
    /// - Throws: as ``send(_:)``.
    func run(_ script: RedisScript, near place: [UInt8], for calls: [[[UInt8]]]) async throws -> [Result<
        RESPValue, RedisError
    >] {
        try await runTeaching(calls.count) {
            var command = script.command($1, keys: [], arguments: calls[$0])
            command.key = place
            return command
        }
    }

    private func runTeaching(
        _ count: Int, _ command: (Int, RedisScript.Naming) -> RedisCommand
    ) async throws -> [Result<RESPValue, RedisError>] {
        var results = try await send((0..<count).map { command($0, .byHash) })
        let unknown = results.indices.filter {
            if case .failure(let error) = results[$0] { error.kind == "NOSCRIPT" } else { false }
        }
        guard !unknown.isEmpty else { return results }
        let second = try await send(unknown.map { command($0, .byText) })
        for (index, result) in zip(unknown, second) { results[index] = result }
        return results
    }
}

extension RedisScript {
    /// How a script is named to the server.
    enum Naming { case byHash, byText }

    /// The command that runs it.
    func command(_ naming: Naming, keys: [[UInt8]], arguments: [[UInt8]]) -> RedisCommand {
        var words: [[UInt8]] = []
        words.reserveCapacity(3 + keys.count + arguments.count)
        switch naming {
        case .byHash: words += [Array("EVALSHA".utf8), Array(hash.utf8)]
        case .byText: words += [Array("EVAL".utf8), Array(text.utf8)]
        }
        words.append(Array(String(keys.count).utf8))
        words += keys
        words += arguments
        return RedisCommand(words: words, key: keys.first)
    }
}
