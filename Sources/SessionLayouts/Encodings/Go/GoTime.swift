public import Sessions

/// A moment as Go's `Time.MarshalBinary` writes it: 15 bytes.
public struct GoTime: Sendable, Equatable {
    /// The moment, to the millisecond.
    public let moment: Timestamp

    /// From the year 1 to 1970.
    private static let epoch: Int64 = 62_135_596_800
    /// How many bytes it takes.
    static let byteCount = 15

    /// Reads one; `nil` for anything else.
    init?(_ bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count == Self.byteCount, bytes[0] == 1 else { return nil }
        let seconds = Int64(bitPattern: bytes[1..<9].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        let nanoseconds = bytes[9..<13].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        // Years 1 to 9999, and nothing that could overflow.
        guard (0..<315_537_897_600).contains(seconds), nanoseconds < 1_000_000_000 else { return nil }
        moment = Timestamp(milliseconds: (seconds - Self.epoch) * 1000 + nanoseconds / 1_000_000)
    }

    /// A moment as Go writes it, in UTC.
    static func bytes(_ moment: Timestamp) -> [UInt8] {
        let (seconds, rest) = (moment.milliseconds.quotientFloored(by: 1000), moment.milliseconds.modulo(1000))
        let high = UInt64(bitPattern: seconds &+ epoch)
        let low = UInt64(rest) * 1_000_000
        return [1] + stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: high >> UInt64($0)) }
            + stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: low >> UInt64($0)) } + [0xFF, 0xFF]
    }
}

extension Int64 {
    fileprivate func quotientFloored(by divisor: Int64) -> Int64 { (self - modulo(divisor)) / divisor }

    fileprivate func modulo(_ divisor: Int64) -> Int64 { (self % divisor + divisor) % divisor }
}
