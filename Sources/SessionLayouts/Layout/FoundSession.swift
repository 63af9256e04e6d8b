public import Sessions

/// A session that a layout has read.
public struct FoundSession: Sendable {
    /// What its row in the store is found by.
    public let key: [UInt8]
    /// What a list shows of it.
    public var row: SessionRow
    /// The decoded payload; `nil`: it can't be read.
    public var data: JSONValue?
    /// Why the payload can't be read.
    public var note: String?
    /// The payload is whole, but encrypted.
    var isSealed = false
    /// Whose it is can't be told: what would say so can't be read.
    var isUserUnknown = false
    /// What says when it ends can't be read: that is not never.
    var isEndUnknown = false
    /// Where it lies, and every place that keeps its expiry.
    public var location: [(name: String, value: String)]

    init(key: [UInt8], id: ArraySlice<UInt8>) {
        self.key = key
        row = SessionRow(id: IDHash(hashing: id))
        location = []
    }
}
