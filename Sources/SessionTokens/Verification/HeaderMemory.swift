internal import Sessions
internal import Synchronization

/// The headers of tokens that held: all tokens of a key have the same one, so it need be read once.
///
/// Only what a signature has covered gets in: a stranger can't fill it.
final class HeaderMemory: Sendable {
    /// A header that was read.
    struct Known: Sendable {
        let part: [UInt8]
        let json: JSONValue
        let header: JOSEHeader
    }

    /// The most headers that are kept: more than an issuer has keys at a time.
    private static let mostHeaders = 8

    private let known = Mutex<[Known]>([])

    /// The header that stands in a token in just these bytes.
    func recall(_ part: ArraySlice<UInt8>) -> Known? {
        known.withLock { known in known.first { $0.part.count == part.count && $0.part[...].hasBytes(of: part) } }
    }

    /// Keeps a header; the one that was kept longest gives way.
    func remember(_ header: Known) {
        known.withLock { known in
            guard !known.contains(where: { $0.part == header.part }) else { return }
            if known.count >= Self.mostHeaders { known.removeFirst() }
            known.append(header)
        }
    }
}

extension ArraySlice<UInt8> {
    /// Whether two of the same length have the same bytes, eight at a time.
    fileprivate func hasBytes(of other: ArraySlice<UInt8>) -> Bool {
        withUnsafeBytes { ours in
            other.withUnsafeBytes { theirs in
                var difference: UInt64 = 0
                let whole = ours.count & ~7
                for place in stride(from: 0, to: whole, by: 8) {
                    difference |=
                        ours.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                        ^ theirs.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                }
                for place in whole..<ours.count { difference |= UInt64(ours[place] ^ theirs[place]) }
                return difference == 0
            }
        }
    }
}
