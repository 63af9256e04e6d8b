import Screen
import Sessions

extension SessionDirectory {
    /// The session that a typed handle means; `nil` where there is none.
    ///
    /// - Throws: ``SessionsError`` with `usage` for what isn't a handle, and for one that several sessions begin with.
    func session(withHandle text: String) async throws -> IDHash? {
        guard let prefix = HandlePrefix(text) else {
            throw SessionsError(
                .usage, "\(Escaping.text(text)) is no handle: give 6 or more of its hexadecimal digits")
        }
        let found = try await find(prefix, limit: Self.mostCandidates + 1)
        guard found.count > 1 else { return found.first }
        // Two sessions may even share a handle: then their hashes tell them apart.
        let shareHandle = Set(found.map(\.handle)).count < found.count
        let names = found.prefix(Self.mostCandidates).map { shareHandle ? $0.hexadecimal : "\($0.handle)" }
        let more = found.count > Self.mostCandidates ? " and more" : ""
        throw SessionsError(
            .usage, "\(prefix) is ambiguous: \(names.joined(separator: ", "))\(more); give more digits")
    }

    private static var mostCandidates: Int { 10 }
}
