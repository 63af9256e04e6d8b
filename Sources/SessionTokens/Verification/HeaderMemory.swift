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
        known.withLock { known in known.first { $0.part[...].hasBytes(of: part) } }
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
