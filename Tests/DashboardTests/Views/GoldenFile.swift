#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Screen
import Testing

/// A file that holds how a screen looked: its text, then the letter of each cell's role, then what lies over them.
struct GoldenFile {
    private let path: String

    init(_ name: String) {
        path = #filePath.split(separator: "/").dropLast(2).reduce("") { "\($0)/\($1)" } + "/Golden/\(name)"
    }

    /// What a file holds of a grid.
    static func content(of grid: Grid) -> String {
        [grid.text, "=== roles", grid.roles, "=== overlays", grid.overlays, ""].joined(separator: "\n")
    }

    /// Compares, or writes anew where `UPDATE_GOLDEN=1`.
    ///
    /// A file that is missing is a failure, or nothing would be tested.
    func check(_ content: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try Data(content.utf8).write(to: URL(fileURLWithPath: path))
            return
        }
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)) else {
            Issue.record(
                "\(path) is missing: look at the screen, then run with UPDATE_GOLDEN=1", sourceLocation: sourceLocation)
            return
        }
        let expected = String(decoding: data, as: UTF8.self)
        guard expected != content else { return }
        let (old, new) = (
            expected.split(separator: "\n", omittingEmptySubsequences: false),
            content.split(separator: "\n", omittingEmptySubsequences: false)
        )
        let changed = (0..<max(old.count, new.count)).filter {
            (old.indices.contains($0) ? old[$0] : "") != (new.indices.contains($0) ? new[$0] : "")
        }
        let sample = changed.prefix(6).map {
            "\($0 + 1)\n- \(old.indices.contains($0) ? old[$0] : "")\n+ \(new.indices.contains($0) ? new[$0] : "")"
        }
        Issue.record(
            "\(changed.count) lines of \(path) differ:\n\(sample.joined(separator: "\n"))",
            sourceLocation: sourceLocation)
    }
}
