import Hummingbird
import SessionsHummingbird

extension Shop {
    /// The goods, and the basket.
    func addShop(to pages: RouterGroup<ShopContext>) {
        pages.get("/") { [self] _, context in
            let proof = try context.session.csrfToken()
            let goods = Product.all.map { card(of: $0, proof) }
            return try page("Things for the morning", context, "<ul class=\"goods\">\(HTML(goods))</ul>")
        }
        pages.get("/basket") { [self] _, context in
            let proof = try context.session.csrfToken()
            return try page("Your basket", context, try basket(of: context, proof))
        }
        pages.post("/basket/:product/add") { _, context in
            let product = try Self.product(context)
            try await context.session.update { $0.add(product) }
            return Response.redirect(to: "/basket")
        }
        pages.post("/basket/:product/remove") { _, context in
            let product = try Self.product(context)
            try await context.session.update { $0.remove(product) }
            return Response.redirect(to: "/basket")
        }
    }

    static func product(_ context: ShopContext) throws -> Product {
        guard let product = context.parameters.get("product").flatMap({ Product.by(code: $0) }) else {
            throw HTTPError(.notFound)
        }
        return product
    }

    private func card(of product: Product, _ proof: String) -> HTML {
        """
        <li class="card"><h2>\(product.name)</h2><p>\(product.note)</p>\
        <div class="row"><span>\(Product.price(product.price))</span>\
        \(HTML.button("Add", "/basket/\(product.code)/add", proof: proof, kind: "main"))</div></li>
        """
    }

    private func basket(of context: ShopContext, _ proof: String) throws -> HTML {
        let basket = try context.session.payload
        guard basket.count > 0 else { return "<p>There is nothing in it yet. <a href=\"/\">To the shop</a></p>" }
        let rows = Product.all.compactMap { product in
            basket.items[product.code].map { row(of: product, $0, proof) }
        }
        return """
            <table><tr><th>Thing</th><th>Each</th><th>How many</th><th></th></tr>\(HTML(rows))\
            <tr><th>Together</th><th>\(Product.price(basket.price))</th><th></th><th></th></tr></table>
            """
    }

    private func row(of product: Product, _ count: Int, _ proof: String) -> HTML {
        """
        <tr><td>\(product.name)</td><td>\(Product.price(product.price))</td><td class="number">\(count)</td>\
        <td><div class="row">\(HTML.button("One more", "/basket/\(product.code)/add", proof: proof))\
        \(HTML.button("One less", "/basket/\(product.code)/remove", proof: proof))</div></td></tr>
        """
    }
}
