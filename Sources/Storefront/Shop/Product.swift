/// Something that the shop sells.
struct Product: Sendable {
    /// What forms and sessions call it.
    let code: String
    /// What people call it.
    let name: String
    /// A line about it.
    let note: String
    /// In cents.
    let price: Int

    /// All of them.
    static let all = [
        Product(code: "tea", name: "Assam tea", note: "250 g, second flush", price: 890),
        Product(code: "coffee", name: "Espresso beans", note: "1 kg, dark roast", price: 2190),
        Product(code: "cup", name: "Enamel cup", note: "white, blue rim", price: 1250),
        Product(code: "kettle", name: "Kettle", note: "1.2 l, steel", price: 4900),
        Product(code: "honey", name: "Heather honey", note: "500 g", price: 1100),
        Product(code: "book", name: "Notebook", note: "A5, dotted, 160 pages", price: 990),
    ]

    /// The product of a code; `nil`: there is none.
    static func by(code: String) -> Product? { all.first { $0.code == code } }

    /// An amount, as people read it.
    static func price(_ cents: Int) -> String { "€\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)" }
}
