extension IDHash {
    /// Reads 64 hexadecimal digits; `nil` for anything else.
    package init?(hexadecimal text: some StringProtocol) {
        guard text.utf8.count == 2 * Self.byteCount, let digest = Hex.decode(text.utf8) else { return nil }
        self.init(digest: digest)
    }

    /// The 64 hexadecimal digits: what machines name a session by.
    package var hexadecimal: String { withBytes { Hex.encode($0) } }
}
