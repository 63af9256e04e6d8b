@testable import Sessions

/// The rules by which a world goes: those that ship, or those with one of them broken from outside.
enum Rules: String, CaseIterable, Sendable {
    case shipping = "the rules that ship"
    case blindFill = "fill whatever was invalidated meanwhile"
    case leaseFromEnd = "lease from the end of the poll"
    case joinAcrossInvalidation = "join a read across an invalidation"
    case ignoreLease = "answer from memory without the lease"
    case createOnSave = "a save creates a copy"
    case publishBeforeApplying = "publish the position before applying it"

    /// δ as the cache believes it, in ticks.
    func lease(_ δ: Int) -> Int { self == .ignoreLease ? 1000 : δ }
}
