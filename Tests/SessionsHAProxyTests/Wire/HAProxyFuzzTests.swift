import SessionTesting
import Sessions
import Testing

@testable import SessionsHAProxy

/// Whatever may stand at the other end of the socket, and whatever clients made HAProxy keep.
@Suite("Fuzzing what HAProxy says") struct HAProxyFuzzTests {
    private static let pieces = [
        "\n", "\n\n", "# ", "# table: ", ", type: ", "0x1: key=", "key=", " use=", " exp=", " server_id=", "\\x", "\\",
        "=", ",", "\"", "\"\"", ":", "-1", "9223372036854775807", "9223372036854775808", "id=", "(remote", "binary",
    ]

    @Test("Every answer is read alike in whatever pieces it comes, or not at all")
    func answers() {
        let examples = Answers.all
        Fuzzing("HAProxy answers", examples.map(\.bytes), pieces: Self.pieces).run { input, random in
            for example in examples {
                do { _ = try example.read(input) } catch {
                    if !(error is RuntimeFault) { Issue.record("\(example.name): \(error): \(input)") }
                }
            }
            let whole = Self.split([input])
            if Self.split(random.pieces(of: input)) != whole { Issue.record("the pieces decide: \(input)") }
        }
    }

    @Test("Keys and lines of a table come out no longer than they are written")
    func lines() {
        let examples = ["a\\ b\\xC3\\xA9\\t\\e\\=", "0a0B7f", "0x1: key=a\\ b use=1 exp=5 server_id=3 gpc(0)=4"]
        Fuzzing("HAProxy keys", examples.map { Array($0.utf8) }, pieces: Self.pieces).run { input, _ in
            for key in [KeyText.unescaped(input[...]), Hex.decode(input)] {
                if let key, key.count > input.count { Issue.record("\(input)") }
            }
            for kind in TableHeader.Kind.allCases {
                do { _ = try StickEntry(input[...], kind: kind) } catch {
                    if !(error is RuntimeFault) { Issue.record("\(error): \(input)") }
                }
            }
            _ = TableHeader(input[...])
            let isPlain = WireText.printable(input[...]).utf8.allSatisfy { (0x20..<0x7f).contains($0) }
            if !isPlain { Issue.record("\(input)") }
        }
    }

    /// The lines and ends of answers that come in pieces, until something is wrong.
    private static func split(_ pieces: [[UInt8]]) -> [AnswerSplitter.Event] {
        var (splitter, events) = (AnswerSplitter(), [AnswerSplitter.Event]())
        for piece in pieces {
            do { try splitter.take(piece[...]) { events.append($0) } } catch { return events }
        }
        return events
    }
}
