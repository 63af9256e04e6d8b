#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#endif

/// An array of C strings that ends with a null pointer, as libpq takes them.
final class CStrings {
    private let owned: [UnsafeMutablePointer<CChar>?]

    init(_ strings: [String]) { owned = strings.map { strdup($0) } + [nil] }

    deinit { for string in owned { free(string) } }

    /// Valid while this is.
    var pointers: [UnsafePointer<CChar>?] { owned.map { UnsafePointer($0) } }
}
