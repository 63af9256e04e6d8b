import ServiceLifecycle
import SessionTokens
import Sessions
import SessionsHummingbird

/// The shop's tokens: access tokens of five minutes that end with a session, and refresh tokens that end with it, too.
struct ShopTokens: Service {
    /// What issues and verifies.
    let service: TokenService
    /// The public keys, for whoever verifies elsewhere.
    let keys: TokenKeys
    private let file: SigningKeyFile

    /// For whom the access tokens are.
    static let audience = "https://storefront.example"
    /// The only client application: it runs on its users' machines, and has no secret.
    static let client = "storefront-app"

    /// Opens the keys, and makes them where they are missing.
    ///
    /// - Throws: `SessionsError` where the file can't be read, or made.
    init(_ options: Storefront, _ store: any SessionStore, _ sealer: PayloadSealer) throws {
        let schedule = try KeySchedule()
        do { file = try SigningKeyFile(options.tokenKeys, schedule: schedule) } catch let error as SessionsError
            where error.code == .storeNotFound
        {
            file = try .create(options.tokenKeys, algorithm: .edDSA, schedule: schedule)
        }
        keys = TokenKeys(try file.ring.verifyingKeys(), source: file)
        service = try TokenService(
            id: options.node,
            issuer: try TokenIssuer(issuer: "storefront", signer: try TokenSigner(keys: file)),
            policy: try TokenPolicy(issuer: "storefront", audience: Self.audience), keys: keys, store: store,
            sealer: sealer)
    }

    /// Follows the file of the keys, and rotates them when that is due.
    func run() async throws {
        await cancelWhenGracefulShutdown { await file.run(updating: keys, rotating: true) }
    }

    /// Introspection and revocation; the client has no secret to prove itself by.
    var endpoints: TokenEndpoints {
        TokenEndpoints(service) { attempt in
            let name = attempt.form["client_id"]
            return name.map { $0.utf8.elementsEqual(Self.client.utf8) } ?? false ? Self.client : nil
        }
    }
}
