internal import Foundation

/// A program of this package, which lies where the running tests do.
public enum BuiltProgram {
    /// The path of a program that was built along with the tests.
    ///
    /// - Parameter name: the executable product's name.
    /// - Returns: its path, or the name alone where it isn't there: then it can't be started, and that is told.
    public static func path(_ name: String) -> String {
        let tests = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        var folder = URL(fileURLWithPath: tests).deletingLastPathComponent()
        while folder.path != "/" {
            let program = folder.appendingPathComponent(name).path
            if FileManager.default.isExecutableFile(atPath: program) { return program }
            folder.deleteLastPathComponent()
        }
        return name
    }
}
