/// How many colours a terminal has.
public enum ColorDepth: Int, CaseIterable, Comparable, Sendable {
    /// None, or none wanted; bold, reverse and the like remain.
    case mono = 0
    /// Eight; bright ones are drawn bold.
    case eight = 8
    /// Sixteen.
    case sixteen = 16
    /// 256.
    case full = 256

    /// The depth for a terminal that says it has so many colours.
    public init(colors: Int) {
        self = colors >= 256 ? .full : colors >= 16 ? .sixteen : colors >= 8 ? .eight : .mono
    }

    /// Whether there are fewer colours at one depth than at another.
    public static func < (first: ColorDepth, second: ColorDepth) -> Bool { first.rawValue < second.rawValue }
}
