internal import Sessions

/// A key, until `Screen` has it.
public enum Key: Sendable, Hashable {
    /// A character.
    case character(Character)
}
/// The order, until `Table` has it.
public struct SessionOrder: Sendable {
    var ids: [IDHash] = []
}
