import Sessions
import Testing

@testable import sessiontop

@Suite("The crowd of clients")
struct CrowdTests {
    private let start = MonotonicInstant.now

    private func crowd(users: Int = 40, seed: UInt64 = 1) -> Crowd {
        var generator = SeededGenerator(seed: seed)
        let population = Population(userCount: users, using: &generator)
        return Crowd(population: population, start: start, using: &generator)
    }

    /// A service that grants every wish: enough to drive clients.
    private func answer(_ errand: Crowd.Errand) -> Client.Answer {
        switch errand.move {
        case .arrive: .issued(SessionCookie(SessionID()), signedIn: false)
        case .signIn: .issued(SessionCookie(SessionID()), signedIn: true)
        case .view, .addToCart, .checkOut: .served
        case .signOut: .ended
        }
    }

    /// What clients do in a while, each request answered before the next.
    private func run(_ crowd: inout Crowd, seconds: Int, rate: Int) -> [Crowd.Errand] {
        (0..<seconds * rate).compactMap { step in
            let now = start + .seconds(step) / rate
            guard let errand = crowd.next(at: now) else { return nil }
            crowd.settle(errand, answer(errand), at: now)
            return errand
        }
    }

    @Test("There is always somebody, even where there is one user", arguments: [1, 2, 40])
    func neverIdle(users: Int) {
        var crowd = crowd(users: users)
        #expect(run(&crowd, seconds: 1200, rate: 5).count > 5900)
    }

    @Test("Everything happens: arrivals, sign-ins, views, carts, checkouts, sign-outs")
    func everyMove() {
        var crowd = crowd()
        var counts: [String: Int] = [:]
        for errand in run(&crowd, seconds: 1200, rate: 20) {
            counts["\(errand.move)".prefix { $0 != "(" }.description, default: 0] += 1
        }
        #expect(counts.keys.sorted() == ["addToCart", "arrive", "checkOut", "signIn", "signOut", "view"])
        #expect(counts["view", default: 0] > 16_000)
    }

    @Test("The same seed gives the same requests")
    func deterministic() {
        var (a, b) = (crowd(seed: 5), crowd(seed: 5))
        #expect(run(&a, seconds: 60, rate: 20).map(\.client) == run(&b, seconds: 60, rate: 20).map(\.client))
    }

    @Test("A request that changes the cookie goes alone, and nobody has more in flight than a browser would")
    func inFlight() {
        var crowd = crowd(users: 5)
        var generator = SeededGenerator(seed: 77)
        var open: [Crowd.Errand] = []
        for step in 0..<20_000 {
            let now = start + .milliseconds(step * 20)
            if let errand = crowd.next(at: now) {
                let others = open.filter { $0.client == errand.client }
                #expect(others.count < Client.mostInFlight)
                if errand.move.changesCookie { #expect(others.isEmpty) }
                #expect(others.allSatisfy { !$0.move.changesCookie && $0.cookie == errand.cookie })
                open.append(errand)
            }
            if open.count > 20 {
                let errand = open.remove(at: Int.random(in: open.indices, using: &generator))
                crowd.settle(errand, answer(errand), at: now)
            }
        }
    }

    @Test("Nobody views without a cookie, signs in twice, or signs out without being signed in")
    func order() {
        var crowd = crowd()
        var signedIn: [Int: Bool] = [:]
        for errand in run(&crowd, seconds: 1200, rate: 20) {
            switch errand.move {
            case .arrive:
                #expect(errand.cookie == nil)
                signedIn[errand.client] = false
            case .signIn:
                #expect(signedIn[errand.client] != true)
                #expect(errand.user != nil)
                signedIn[errand.client] = true
            case .view, .addToCart, .checkOut: #expect(errand.cookie != nil)
            case .signOut:
                #expect(signedIn[errand.client] == true)
                signedIn[errand.client] = nil
            }
        }
    }

    @Test("A refused client forgets its cookie, but not one that it got since")
    func refusals() throws {
        var generator = SeededGenerator(seed: 1)
        var client = Client(
            kind: .member(rank: 0), address: "192.0.2.1", agent: "a", presence: .visiting(until: start + .seconds(99)))
        let (old, new) = (SessionCookie(SessionID()), SessionCookie(SessionID()))
        client.cookie = new
        client.isSignedIn = true
        client.inFlight = 2
        client.take(.refused, to: old, at: start, using: &generator)
        #expect(client.cookie == new)
        client.take(.refused, to: new, at: start, using: &generator)
        #expect(client.cookie == nil)
        #expect(!client.isSignedIn)
    }

    @Test("An answer that nobody could give leaves the cookie")
    func failure() {
        var generator = SeededGenerator(seed: 1)
        var client = Client(
            kind: .visitor, address: "192.0.2.1", agent: "a", presence: .visiting(until: start + .seconds(99)))
        let cookie = SessionCookie(SessionID())
        client.cookie = cookie
        client.inFlight = 1
        client.take(.failed, to: cookie, at: start, using: &generator)
        #expect(client.cookie == cookie)
        #expect(client.inFlight == 0)
    }

    @Test("A thief uses a user's account from elsewhere, and is gone when it is refused")
    func theft() throws {
        var crowd = crowd()
        _ = run(&crowd, seconds: 60, rate: 50)
        let honest = crowd.clients.count
        for _ in 0..<10 { crowd.steal(at: start + .seconds(60)) }
        #expect(crowd.clients.count == honest + 10)
        var seen: Set<Int> = []
        for step in 0..<4000 {
            let now = start + .seconds(60) + .milliseconds(step * 5)
            guard let errand = crowd.next(at: now) else { continue }
            if errand.client < honest {
                crowd.settle(errand, answer(errand), at: now)
            } else {
                #expect(errand.address.hasPrefix("203.0.113."))
                #expect(errand.user != nil)
                #expect(seen.insert(errand.client).inserted, "a refused thief came again")
                crowd.settle(errand, .refused, at: now)
            }
        }
        #expect(seen.count == 10)
        // Their places are free for the next.
        crowd.steal(at: start + .seconds(90))
        #expect(crowd.clients.count == honest + 10)
    }

    @Test("Sessions that were there before are used by clients of their own")
    func adoption() {
        var crowd = crowd()
        let honest = crowd.clients.count
        let device = Population.Device(rank: 3, address: "10.0.0.1", agent: "a")
        let cookies = (0..<20).map { _ in SessionCookie(SessionID()) }
        crowd.adopt(cookies.map { ($0, device) }, at: start)
        let errands = run(&crowd, seconds: 120, rate: 50).filter { $0.client >= honest }
        #expect(Set(errands.map(\.client)).count > 10)
        #expect(errands.contains { errand in errand.cookie.map(cookies.contains) ?? false })
    }

    @Test("A cookie prints as a mask")
    func cookiesAreMasked() {
        let id = SessionID()
        let cookie = SessionCookie(id)
        var dumped = ""
        dump(cookie, to: &dumped)
        #expect(!"\(cookie) \(String(reflecting: cookie)) \(dumped)".contains(id.secretText))
    }
}
