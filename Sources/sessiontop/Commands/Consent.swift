import Screen
import Sessions

/// Makes sure that a change is wanted: by policy, and by whoever sits at the terminal.
///
/// By blast radius: for a few sessions `y`, for more than 25 their count, for everyone and in a protected context its name.
struct Consent {
    /// `revoke` or `extend`.
    let verb: String
    let target: Target
    let order: OrderOptions
    let store: OpenStore

    /// - Throws: ``SessionsError`` with `refused` where a reason is missing, or nobody agrees.
    func obtain(in environment: CommandEnvironment, note: (String) -> Void) async throws {
        guard isOne && !store.isProtected || order.givenReason != nil else {
            throw SessionsError(.refused, "a reason is needed to \(verb) \(target.description): add --reason")
        }
        guard !order.yes, !isNothing else { return }
        guard let ask = environment.ask else {
            throw SessionsError(.refused, "nobody is there to agree: add --yes to \(verb) \(target.description)")
        }
        note("This will \(verb) \(target.description) in \(Escaping.text(store.name)).")
        if target.count <= Self.longestList { for session in target.sessions { note(Self.line(session)) } }
        let (question, answer) = question
        if needsName { try await environment.time.sleep(environment.time.monotonic() + .seconds(3)) }
        guard let given = ask(question), answer.contains(given) else {
            throw SessionsError(.refused, "not agreed: nothing was done")
        }
    }

    private var isOne: Bool {
        if case .everyone = target.choice { false } else { target.count + target.missing.count <= 1 }
    }

    /// A user without sessions still gets a cut-off, so does everyone; nothing else happens to no sessions.
    private var isNothing: Bool { !target.isCutOff && target.sessions.isEmpty }

    private var needsName: Bool {
        if case .everyone = target.choice { true } else { store.isProtected && target.count > 1 }
    }

    private var question: (text: String, answers: [String]) {
        if needsName { return ("Type \(Escaping.text(store.name)) to \(verb), anything else not to:", [store.name]) }
        if target.count > Self.longestList {
            return ("Type their number, \(target.count), to \(verb), anything else not to:", ["\(target.count)"])
        }
        return ("Type y to \(verb), anything else not to:", ["y", "Y", "yes"])
    }

    private static let longestList = 25

    private static func line(_ session: Target.Session) -> String {
        "  \(session.id.handle)  \(session.user.map { Escaping.text($0) } ?? "–")"
    }
}
