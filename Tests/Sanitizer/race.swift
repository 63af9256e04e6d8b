import Dispatch
import Synchronization

// Proves that the thread sanitizer can be believed: `race guarded` must be silent, `race bare` must be reported.

// Unchecked, since its race is what the sanitizer must find.
final class Counter: @unchecked Sendable {
    private let guarded = Mutex(0)
    private var bare = 0

    var total: Int { guarded.withLock { $0 } + bare }

    func countGuarded() { guarded.withLock { $0 += 1 } }
    func countBare() { bare += 1 }
}

let isGuarded = CommandLine.arguments.last == "guarded"
let counter = Counter()
DispatchQueue.concurrentPerform(iterations: 8) { _ in
    for _ in 0..<20_000 {
        // A race beside a lock, which orders some of the accesses: the sanitizer finds the others.
        counter.countGuarded()
        if !isGuarded { counter.countBare() }
    }
}
print(counter.total)
