/// Who can sign in: an example has no need for more, and a real shop asks its own directory.
enum Account {
    /// The password of everybody.
    static let password = "open sesame"
    /// Who sees the admin's page.
    static let admin = "mira"
    /// Everybody.
    static let names = ["alice", "bob", "carol", admin]

    /// Whether a name and a password belong together.
    static func accepts(_ name: String, _ password: String) -> Bool {
        names.contains { $0.utf8.elementsEqual(name.utf8) } && password.utf8.elementsEqual(Self.password.utf8)
    }
}
