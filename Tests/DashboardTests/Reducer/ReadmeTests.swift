import Dashboard
import Foundation
import Testing

@Suite("The README")
struct ReadmeTests {
    private static let readme = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../README.md").standardizedFileURL

    /// With `UPDATE_GOLDEN=1` the README is written instead.
    @Test("has the table of keys that the commands have")
    func keys() throws {
        let text = try String(contentsOf: Self.readme, encoding: .utf8)
        let begin = try #require(text.range(of: "a test compares -->\n"))
        let end = try #require(text.range(of: "<!-- /keys -->"))
        let wanted = CommandTable.markdown.trimmingCharacters(in: .newlines) + "\n"
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            let updated = text.replacingCharacters(in: begin.upperBound..<end.lowerBound, with: wanted)
            try updated.write(to: Self.readme, atomically: true, encoding: .utf8)
        } else {
            #expect(text[begin.upperBound..<end.lowerBound] == wanted)
        }
    }
}
