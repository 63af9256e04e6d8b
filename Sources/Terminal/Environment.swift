#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// What the environment says about the terminal.
enum Environment {
    /// A variable's value, or `nil` when it is not set.
    static func value(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// Whether the user wants no colours (no-color.org): the variable is set and not empty.
    static var forbidsColor: Bool { !(value("NO_COLOR") ?? "").isEmpty }
}
