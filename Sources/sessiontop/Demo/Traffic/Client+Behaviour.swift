import Sessions

extension Client {
    /// What it asks for now.
    ///
    /// - Parameters:
    ///   - now: the time; a visit may begin or end by it.
    ///   - generator: chance.
    /// - Returns: the request, which counts as in flight; `nil`: nobody is there, or it waits for an answer.
    mutating func next(at now: MonotonicInstant, using generator: inout SeededGenerator) -> Move? {
        comeOrGo(at: now, using: &generator)
        guard inFlight < Self.mostInFlight, let move = wanted(at: now, using: &generator) else { return nil }
        // What changes the session goes alone, as a form that is posted does.
        guard inFlight == 0 || !move.changesCookie else { return nil }
        inFlight += 1
        return move
    }

    /// Takes the answer to a request.
    ///
    /// - Parameters:
    ///   - answer: what the service said.
    ///   - sent: the cookie that the request carried.
    ///   - now: the time.
    ///   - generator: chance.
    mutating func take(
        _ answer: Answer, to sent: SessionCookie?, at now: MonotonicInstant,
        using generator: inout SeededGenerator
    ) {
        inFlight -= 1
        switch answer {
        case .served, .failed: break
        case .issued(let cookie, let signedIn):
            self.cookie = cookie
            isSignedIn = signedIn
        case .ended:
            forgetCookie()
            leave(at: now, using: &generator)
        case .refused where cookie == sent:
            forgetCookie()
            // Some sign in again at once, some are gone for a while.
            if generator.chance(0.3) { leave(at: now, using: &generator) }
        case .refused: break
        }
    }

    /// Begins a visit at once.
    mutating func wake(at now: MonotonicInstant, using generator: inout SeededGenerator) {
        presence = .visiting(until: now + .seconds(20) + generator.exponential(mean: meanVisit))
        willSignOut = generator.chance(0.45)
        guard case .member = kind, generator.chance(0.2) else { return }
        address = Addresses.draw(using: &generator)
    }

    /// Whether nobody is in front of it.
    func isAway(at now: MonotonicInstant) -> Bool {
        if case .away(let until) = presence { now < until } else { false }
    }

    private mutating func comeOrGo(at now: MonotonicInstant, using generator: inout SeededGenerator) {
        switch presence {
        case .away(let until) where now >= until: wake(at: now, using: &generator)
        case .visiting(let until) where now >= until && !(willSignOut && isSignedIn):
            leave(at: now, using: &generator)
        default: break
        }
    }

    private func wanted(at now: MonotonicInstant, using generator: inout SeededGenerator) -> Move? {
        guard case .visiting(let until) = presence else { return nil }
        if isSignedIn && now >= until { return .signOut }
        if cookie == nil { return kind == .visitor || (!isThief && generator.chance(0.4)) ? .arrive : .signIn }
        if !isSignedIn && kind != .visitor && generator.chance(0.2) { return .signIn }
        switch Int.random(in: 0..<1000, using: &generator) {
        case 0..<50: return .addToCart(Products.draw(using: &generator))
        case 50..<55: return .checkOut
        default: return .view
        }
    }

    private mutating func leave(at now: MonotonicInstant, using generator: inout SeededGenerator) {
        presence = .away(until: now + .seconds(10) + generator.exponential(mean: .seconds(150)))
    }

    private mutating func forgetCookie() {
        cookie = nil
        isSignedIn = false
    }

    private var meanVisit: Duration { kind == .visitor ? .seconds(60) : .seconds(220) }

    private var isThief: Bool { if case .thief = kind { true } else { false } }
}

extension Client.Move {
    /// Whether the client holds another cookie afterwards, or none.
    var changesCookie: Bool {
        switch self {
        case .arrive, .signIn, .signOut: true
        case .view, .addToCart, .checkOut: false
        }
    }
}
