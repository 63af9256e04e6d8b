internal import Screen

extension String {
    /// With blanks up to a width, for labels of our own in ASCII.
    func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - utf8.count)) }

    /// With blanks before it up to a width.
    func padded(leading width: Int) -> String {
        String(repeating: " ", count: max(0, width - TextWidth.of(self))) + self
    }
}
