import Sessions

/// What the demo's service keeps in a session: a shopping cart, and what goes with it.
struct Cart: Sendable, Equatable {
    /// One line of the cart.
    struct Item: Sendable, Equatable {
        var sku: String
        var name: String
        var quantity: Int
        /// The price of one, in cents.
        var price: Int
    }

    /// The lines, in the order they were put in.
    var items: [Item] = []
    /// Guards the service's forms; a secret of the session.
    var csrfToken: String
    /// The language of the pages.
    var locale: String

    /// More different items than this aren't taken.
    static let longest = 12

    /// What it all costs, in cents.
    var total: Int { items.reduce(0) { $0 + $1.quantity * $1.price } }

    /// Puts one of an item in; a full cart changes its oldest line instead.
    mutating func add(_ item: Item) {
        if let index = items.firstIndex(where: { $0.sku == item.sku }) {
            items[index].quantity += 1
        } else {
            if items.count == Self.longest { items.removeFirst() }
            items.append(item)
        }
    }
}

extension Cart {
    /// The cart of a new session.
    static func empty(using generator: inout some RandomNumberGenerator) -> Cart {
        // An id has the right length and alphabet, and comes from the system's generator as a secret must.
        Cart(
            csrfToken: String(SessionID().secretText.prefix(22)),
            locale: ["en", "de", "fr", "ja", "pt-BR"].randomElement(using: &generator) ?? "en")
    }

    /// The cart as the payload's JSON.
    var json: JSONValue {
        [
            "cart": .array(items.map(\.json)), "total": .number(Self.decimal(total)), "currency": "EUR",
            "locale": .string(locale), "csrfToken": .string(csrfToken),
        ]
    }

    /// The payload's bytes.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        json.write(to: &bytes)
        return bytes
    }

    /// Reads a payload; `nil` where it isn't a cart of ours.
    init?(bytes: [UInt8]) {
        guard let json = JSONValue(parsing: bytes), case .string(let token)? = json["csrfToken"],
            case .string(let locale)? = json["locale"], case .array(let lines)? = json["cart"]
        else { return nil }
        let items = lines.compactMap(Item.init)
        guard items.count == lines.count else { return nil }
        self.init(items: items, csrfToken: token, locale: locale)
    }

    /// Cents as an amount with two places.
    fileprivate static func decimal(_ cents: Int) -> String {
        let rest = cents % 100
        return "\(cents / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}

extension Cart.Item {
    fileprivate var json: JSONValue {
        [
            "sku": .string(sku), "name": .string(name), "quantity": .integer(quantity),
            "price": .number(Cart.decimal(price)),
        ]
    }

    fileprivate init?(_ json: JSONValue) {
        guard case .string(let sku)? = json["sku"], case .string(let name)? = json["name"],
            case .number(let quantity)? = json["quantity"], let quantity = Int(quantity),
            case .number(let price)? = json["price"], let price = Int(price.filter { $0 != "." })
        else { return nil }
        self.init(sku: sku, name: name, quantity: quantity, price: price)
    }
}
