internal import Sessions
internal import Synchronization

/// The headers of tokens that held: all tokens of a key have the same one, so it need be read and checked once.
///
/// Only what a signature has covered gets in: a stranger can't fill it.
final class HeaderMemory: Sendable {
    /// A header that was read: one for all tokens that have it.
    final class Known: Sendable {
        let part: [UInt8]
        let json: JSONValue
        let header: JOSEHeader
        /// How a signature under it is checked; `nil`: not known yet.
        let way: Way?

        init(part: [UInt8], json: JSONValue, header: JOSEHeader, way: Way? = nil) {
            (self.part, self.json, self.header, self.way) = (part, json, header, way)
        }
    }

    /// What a signature is checked with, once a header was found to be in order.
    final class Way: Sendable {
        let key: KeyMaterial
        let algorithm: SignatureAlgorithm
        /// The key set that says so: by another one the header has to be checked again.
        let keysVersion: Int

        init(key: KeyMaterial, algorithm: SignatureAlgorithm, keysVersion: Int) {
            (self.key, self.algorithm, self.keysVersion) = (key, algorithm, keysVersion)
        }
    }

    /// The most headers that are kept: more than an issuer has keys at a time.
    private static let mostHeaders = 8

    private let known = Mutex<[Known]>([])

    /// The header that stands in a token in just these bytes.
    func recall(_ part: ArraySlice<UInt8>) -> Known? {
        known.withLock { known in known.first { $0.part[...].hasBytes(of: part) } }
    }

    /// Keeps a header that held; the one that was kept longest gives way.
    func remember(_ header: Known, _ way: Way) {
        known.withLock { known in
            known.removeAll { $0.part == header.part }
            if known.count >= Self.mostHeaders { known.removeFirst() }
            known.append(Known(part: header.part, json: header.json, header: header.header, way: way))
        }
    }
}
