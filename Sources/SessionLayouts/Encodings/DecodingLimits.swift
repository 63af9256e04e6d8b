internal import Sessions

/// What is enough for every session, and too much for an attack.
enum DecodingLimits {
    /// A payload of more bytes isn't decoded.
    static let bytes = 16 << 20
    /// Values may lie so deep in each other; what shows them takes a little more.
    static let depth = JSONValue.depthLimit - 4
    /// So many values, those counted again that are told twice.
    static let values = 500_000
    /// A whole number of more bytes is told as bytes.
    static let numberBytes = 128
    /// A name that is made of anything but a text is cut behind so many bytes.
    static let nameBytes = 1024
}
