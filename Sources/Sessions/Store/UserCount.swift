/// Counts different users without keeping their names.
package struct UserCount: Sendable {
    /// 64 bits of SipHash under this process's own key: among a million users two fall together once in 40 million runs.
    private var marks: Set<Int> = []

    /// Nobody yet.
    package init() {}

    /// How many different ones there were.
    package var count: Int { marks.count }

    /// Counts a user by the bytes of the name: a text's own hash joins canonical equivalents.
    package mutating func insert(_ name: UnsafeRawBufferPointer) {
        var hasher = Hasher()
        hasher.combine(bytes: name)
        marks.insert(hasher.finalize())
    }

    /// Counts a user by the name.
    package mutating func insert(_ name: String) {
        var name = name
        name.withUTF8 { insert(UnsafeRawBufferPointer($0)) }
    }
}
