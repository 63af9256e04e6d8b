internal import Sessions

/// A key, until `Screen` has it.
public enum Key: Sendable, Hashable {
    /// A character.
    case character(Character)
}
/// The rows, until `Table` has them.
public struct SessionTable: Sendable {
    var rows: [IDHash: SessionRow] = [:]
}
/// The order, until `Table` has it.
public struct SessionOrder: Sendable {
    var ids: [IDHash] = []
}
/// The columns, until `Table` has them.
public enum SessionColumn: String, Sendable, CaseIterable {
    /// The time left.
    case ttl
}
/// The sort, until `Table` has it.
public struct SessionSort: Sendable, Equatable {
    /// The column.
    public var column: SessionColumn
    /// Greatest first.
    public var descending: Bool
}
/// The filter, until `Sessions` has it.
public struct Filter: Sendable {}
/// The filter's error, until `Sessions` has it.
public struct FilterError: Error, Sendable, Equatable {
    /// What is wrong.
    public var message: String
    /// Where.
    public var position: Int
}
