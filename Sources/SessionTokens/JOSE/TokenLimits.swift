/// What a stranger's token may measure: everything beyond is refused unread.
public enum TokenLimits {
    /// The longest token, in bytes.
    public static let byteCount = 8 * 1024
    /// How many arrays and objects may lie around a value of a header or of claims.
    public static let depth = 16
    /// The longest id of a key, in bytes.
    public static let keyIDByteCount = 128
    /// The longest issuer, audience, subject, token id, client or tenant, in bytes.
    public static let nameByteCount = 1024
}
