/// Which sessions to show or to act on, as somebody typed it.
///
/// `word word` is AND; `or`, `not` or `-` or `!`, parentheses, `"quoted text"`. Fields: see ``suggestions``. A bare word
/// is a part of handle, user, address or agent, in any case. `user:` matches exactly, or with `*` as a wildcard.
///
/// A condition on something unknown doesn't hold: `idle>1h` leaves out a session of which nobody knows when it was used,
/// and `-idle>1h` includes it.
public struct Filter: Sendable, Equatable {
    /// What it means.
    package let expression: FilterExpression
    /// Whether it says something of ended sessions (`state:` or `id:`).
    ///
    /// Otherwise it is about live sessions only.
    public let mentionsState: Bool
    /// Whether time alone can change what it matches, beyond sessions that end.
    public let dependsOnTime: Bool

    /// The longest text that is parsed, in bytes of UTF-8.
    public static let maximumByteCount = 4096

    /// Every live session.
    public static let everything = Filter(.everything)

    /// Wraps an expression.
    package init(_ expression: FilterExpression) {
        self.expression = expression
        mentionsState = expression.contains(\.mentionsState)
        dependsOnTime = expression.contains(\.dependsOnTime)
    }

    /// Whether it is the empty filter: every live session.
    public var isEverything: Bool { expression == .everything }

    /// Reads a filter.
    ///
    /// - Parameter text: what somebody typed; empty is ``everything``.
    /// - Returns: the filter.
    /// - Throws: ``FilterError`` that says where it is wrong and what to write.
    public static func parse(_ text: String) throws(FilterError) -> Filter {
        do throws(FilterFault) {
            guard text.utf8.count <= maximumByteCount else { throw tooLong(text.utf8.count) }
            var parser = FilterParser(bytes: Array(text.utf8))
            let filter = Filter(try parser.parse())
            // So that what is printed can always be read again.
            guard filter.description.utf8.count <= maximumByteCount else { throw tooLong(text.utf8.count) }
            return filter
        } catch {
            throw error.located(in: text)
        }
    }

    private static func tooLong(_ count: Int) -> FilterFault {
        FilterFault("the filter is too long: \(maximumByteCount) bytes at most", at: 0..<count)
    }
}
