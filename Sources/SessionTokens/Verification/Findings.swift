/// The reasons against a token: the first ends the look at it, or all are gathered.
struct Findings {
    /// Whether the first reason is thrown.
    let stopsAtFirst: Bool
    private(set) var refusals: [TokenRefusal] = []

    init(stopsAtFirst: Bool) { self.stopsAtFirst = stopsAtFirst }

    /// Adds a reason.
    mutating func refuse(
        _ code: TokenRefusal.Code, _ message: @autoclosure () -> String
    ) throws(TokenRefusal) {
        try add(TokenRefusal(code, message()))
    }

    /// Adds a reason, once.
    mutating func add(_ refusal: TokenRefusal) throws(TokenRefusal) {
        guard !stopsAtFirst else { throw refusal }
        if !refusals.contains(refusal) { refusals.append(refusal) }
    }

    /// Does something that may be refused; `nil`: it was, and the reason is added.
    mutating func attempt<Value>(_ work: () throws(TokenRefusal) -> Value) throws(TokenRefusal) -> Value? {
        do { return try work() } catch {
            try add(error)
            return nil
        }
    }
}
