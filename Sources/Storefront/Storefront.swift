import ArgumentParser
import Sessions

/// A small shop, for whoever wants to see the library at work: sign-in, a basket, an admin's page, health checks.
@main
struct Storefront: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "Storefront",
        abstract: "A small shop whose sessions are kept by the library, and watched with sessiontop.",
        discussion: "Tests/storefront starts three of them behind HAProxy.")

    /// Where sessions live.
    enum Mode: String, ExpressibleByArgument, CaseIterable {
        /// In a store, under a cookie.
        case cookie
        /// In a store, under a bearer token: an API for apps, without pages.
        case token
        /// In the memory of this process, under a cookie: they are lost with it.
        case memory
    }

    @Option(help: "Where sessions live: \(Mode.allCases.map(\.rawValue).joined(separator: " or ")).")
    var mode = Mode.cookie
    @Option(help: "The store: sqlite:PATH, postgres://…, redis://…, memcached://… (modes cookie and token).")
    var store = "sqlite:storefront.db"
    @Option(help: "A cache that the instances share, in front of the store: redis://… or memcached://….")
    var cache: String?
    @Option(
        help:
            "The file with the keys of payloads, made where it is missing; all instances need the same (storefront.keys)."
    )
    var keys: String?
    @Option(help: "The file with the keys that sign tokens, made where it is missing; all instances need the same.")
    var tokenKeys = "storefront.jwks"

    @Option(help: "The port of this instance's admin API on the loopback, for sessiontop (mode memory); 0: none.")
    var admin = 0

    @Option(help: "Another instance as NAME=PORT of its admin API: it takes sessions over. May be repeated.")
    var peer: [String] = []

    @Option(help: "The name of this instance, its own among all of the store.")
    var node = "web-01"
    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"
    @Option(help: "The port to listen on.")
    var port = 8080
    @Option(help: "A proxy whose X-Forwarded-For is believed: an address or a network. May be repeated.")
    var proxy: [String] = []
    @Option(help: "Seconds from a signal to stop until the port is closed, for a balancer to notice.")
    var drain = 0.0
    @Flag(help: "Keep the cookie until the session's deadline, instead of until the browser is closed.")
    var remember = false

    func run() async throws {
        do {
            try await ShopService(self).run()
        } catch let error as SessionsError {
            throw ValidationError("\(error)")
        }
    }
}
