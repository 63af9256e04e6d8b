/// What a client throws away at sign-out: the header `Clear-Site-Data`.
public struct SiteData: OptionSet, Sendable, Hashable {
    /// One bit for each kind.
    public let rawValue: Int

    /// Makes a set from its bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// What was cached of this site.
    public static let cache = SiteData(rawValue: 1)
    /// All cookies of the registered domain, those of neighbouring hosts, too.
    public static let cookies = SiteData(rawValue: 2)
    /// What scripts have stored.
    public static let storage = SiteData(rawValue: 4)
    /// All three, as OWASP has it.
    public static let all: SiteData = [.cache, .cookies, .storage]

    /// As the header has it.
    var value: String {
        [(SiteData.cache, "\"cache\""), (.cookies, "\"cookies\""), (.storage, "\"storage\"")]
            .filter { contains($0.0) }.map(\.1).joined(separator: ", ")
    }
}
