import SessionsHummingbird

/// What the shop keeps of a visitor in the session.
struct Basket: Codable, SessionPayload, Equatable {
    /// How many of each product, by its code.
    var items: [String: Int] = [:]

    /// At most so many of one product: a session stays small.
    static let most = 99

    /// How many things there are.
    var count: Int { items.values.reduce(0, +) }

    /// What they cost, in cents.
    var price: Int { items.reduce(0) { $0 + $1.value * (Product.by(code: $1.key)?.price ?? 0) } }

    /// Puts one in.
    mutating func add(_ product: Product) { items[product.code] = min(Self.most, items[product.code, default: 0] + 1) }

    /// Takes one out.
    mutating func remove(_ product: Product) {
        let count = items[product.code, default: 0] - 1
        items[product.code] = count > 0 ? count : nil
    }
}
