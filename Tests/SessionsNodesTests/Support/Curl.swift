import SessionTesting
import Subprocess

/// A client that is none of ours.
enum Curl {
    /// What came of a request.
    struct Answer {
        /// 0: no answer.
        var status: Int
        var body: String
    }

    /// Sends a request, with a body of JSON where there is one; the path is sent as it is written.
    static func send(
        _ method: String, _ url: String, body: String? = nil, _ arguments: [String] = []
    ) async throws -> Answer {
        var all = ["-s", "--path-as-is", "-m", "30", "-X", method, "-w", "\n%{http_code}"] + arguments
        if let body { all += ["-H", "content-type: application/json", "--data-binary", body] }
        let result = try await run(
            .name("curl"), arguments: Arguments(all + [url]), output: .string(limit: 1 << 20), error: .discarded)
        let text = result.standardOutput
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return Answer(
            status: lines.last.flatMap { Int($0) } ?? 0, body: lines.dropLast().joined(separator: "\n"))
    }
}
