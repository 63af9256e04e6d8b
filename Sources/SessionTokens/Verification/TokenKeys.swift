public import Sessions
internal import Synchronization

/// Where the keys of an issuer come from.
public protocol TokenKeySource: Sendable {
    /// Reads the key set anew.
    ///
    /// - Throws: where it can't be had now: the old one then stays.
    func fetch() async throws -> JSONWebKeySet
}

/// The keys of an issuer as a verifier holds them, and the memory of those that don't exist.
///
/// An unknown `kid` makes it ask the source once. Where the answer lacks it, it is remembered as missing for
/// ``missingAge``, in a memory of ``mostMissing`` entries; where no answer comes, nothing is. However many different ones
/// come, the source isn't asked more often than once in ``fetchInterval``.
public final class TokenKeys: Sendable {
    /// How long a `kid` counts as missing.
    public static let missingAge = Duration.seconds(300)
    /// The most missing `kid`s that are remembered.
    public static let mostMissing = 1024
    /// The shortest time between two questions to the source.
    public static let fetchInterval = Duration.seconds(5)

    private struct State {
        var set: JSONWebKeySet
        var version = 0
        var missing: [[UInt8]: MonotonicInstant] = [:]
        var nextFetch: MonotonicInstant?
        /// Tells whether the source has answered.
        var fetching: Task<Bool, Never>?
    }

    private let state: Mutex<State>
    private let source: (any TokenKeySource)?
    private let time: TimeSource
    /// How often keys have gone: a token that was verified before may be one of theirs.
    private let removals = Atomic<Int>(0)

    /// Holds a set.
    ///
    /// - Parameters:
    ///   - set: the keys to begin with.
    ///   - source: is asked for a `kid` that isn't there; `nil`: nobody is.
    ///   - time: the clocks.
    public init(_ set: JSONWebKeySet, source: (any TokenKeySource)? = nil, time: TimeSource = .system) {
        state = Mutex(State(set: set))
        (self.source, self.time) = (source, time)
    }

    /// The keys now.
    public var current: JSONWebKeySet { state.withLock { $0.set } }

    /// The keys now, and a number that no other set has had here.
    var currentVersion: (set: JSONWebKeySet, version: Int) { state.withLock { ($0.set, $0.version) } }

    /// How often keys have gone so far.
    var removalCount: Int { removals.load(ordering: .acquiring) }

    /// How many missing `kid`s are remembered.
    var missingCount: Int { state.withLock { $0.missing.count } }

    /// Puts a new set in the place of the old one.
    public func replace(with set: JSONWebKeySet) {
        state.withLock { state in
            put(set, &state)
            state.missing = [:]
        }
    }

    /// Asks the source for a key that isn't there, unless it was asked for it lately.
    ///
    /// - Parameter id: the `kid`.
    /// - Returns: whether the key is there now.
    public func lookUp(_ id: String) async -> Bool {
        guard let fetching = beginFetch(id) else { return current.key(id) != nil }
        let hasAnswered = await fetching.value
        return state.withLock { state in
            guard state.set.key(id) == nil else { return true }
            if hasAnswered { remember(id, &state) }
            return false
        }
    }

    /// Whether a key is known not to exist: the source has lately answered without it, or there is nobody to ask.
    func isMissing(_ id: String) -> Bool {
        let now = time.monotonic()
        return state.withLock { state in
            guard state.set.key(id) == nil else { return false }
            return source == nil || state.missing[Array(id.utf8)].map { $0 > now } ?? false
        }
    }

    /// The question that is asked now, by whomever; `nil`: none is due.
    private func beginFetch(_ id: String) -> Task<Bool, Never>? {
        guard let source else { return nil }
        let now = time.monotonic()
        return state.withLock { state in
            guard state.set.key(id) == nil, state.missing[Array(id.utf8)].map({ $0 <= now }) ?? true else { return nil }
            if let fetching = state.fetching { return fetching }
            guard state.nextFetch.map({ $0 <= now }) ?? true else { return nil }
            state.nextFetch = now + Self.fetchInterval
            let task = Task { finishFetch(try? await source.fetch()) }
            state.fetching = task
            return task
        }
    }

    /// Takes in what the source answered; `nil`: it didn't.
    ///
    /// - Returns: whether it did.
    private func finishFetch(_ set: JSONWebKeySet?) -> Bool {
        state.withLock { state in
            state.fetching = nil
            if let set { put(set, &state) }
            return set != nil
        }
    }

    private func put(_ set: JSONWebKeySet, _ state: inout State) {
        let known = Set(set.keys.map { "\($0.secretJSON)" })
        if !state.set.keys.allSatisfy({ known.contains("\($0.secretJSON)") }) {
            removals.add(1, ordering: .acquiringAndReleasing)
        }
        state.set = set
        state.version += 1
    }

    private func remember(_ id: String, _ state: inout State) {
        let now = time.monotonic()
        if state.missing.count >= Self.mostMissing { state.missing = state.missing.filter { $0.value > now } }
        // Full of young ones: the interval between questions is bound enough.
        if state.missing.count < Self.mostMissing { state.missing[Array(id.utf8)] = now + Self.missingAge }
    }
}
