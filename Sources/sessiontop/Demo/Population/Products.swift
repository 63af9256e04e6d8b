/// What the demo's shop sells.
enum Products {
    /// An item that somebody puts into a cart.
    static func draw(using generator: inout some RandomNumberGenerator) -> Cart.Item {
        let index = table.draw(using: &generator)
        return Cart.Item(sku: "P-\(1000 + index)", name: all[index].name, quantity: 1, price: all[index].price)
    }

    private static let table = AliasTable.zipf(count: all.count, exponent: 0.8)
    private static let all: [(name: String, price: Int)] = [
        ("Notebook, dotted", 990), ("Pencil, HB", 120), ("Coffee, 1 kg", 1890), ("Filter paper", 350),
        ("Desk lamp", 5400), ("Tea, Darjeeling", 1250), ("Headphones", 12900), ("USB-C cable, 2 m", 1490),
        ("Bicycle bell", 890), ("Crème brûlée torch", 3490), ("Backpack", 7900), ("Umbrella", 2450),
        ("Cast-iron pan", 6900), ("Chess set", 4500), ("Fountain pen, 細字", 8900), ("Wool socks", 1600),
        ("Thermos, 0.75 l", 2990), ("Kitchen scale", 2790), ("Board game", 3990), ("Seeds, basil", 290),
    ]
}
