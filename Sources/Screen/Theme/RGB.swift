/// A colour as red, green and blue of 0 to 255 in sRGB.
public struct RGB: Hashable, Sendable {
    /// The red part.
    public let red: UInt8
    /// The green part.
    public let green: UInt8
    /// The blue part.
    public let blue: UInt8

    /// Creates a colour from its parts.
    public init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// Reads `#rrggbb` or `#rgb`.
    public init?(hex: String) {
        guard hex.first == "#", let value = UInt32(hex.dropFirst(), radix: 16), hex.dropFirst().first != "+" else {
            return nil
        }
        switch hex.utf8.count {
        case 7:
            self.init(red: UInt8(value >> 16), green: UInt8(value >> 8 & 0xFF), blue: UInt8(value & 0xFF))
        case 4:
            self.init(
                red: UInt8(value >> 8) * 17, green: UInt8(value >> 4 & 0xF) * 17, blue: UInt8(value & 0xF) * 17)
        default: return nil
        }
    }

    /// The colour between this one and another.
    ///
    /// - Parameters:
    ///   - other: the colour at the far end.
    ///   - fraction: how far, from 0 to 1.
    /// - Returns: the colour there.
    public func mixed(with other: RGB, by fraction: Double) -> RGB {
        let share = fraction > 0 ? min(fraction, 1) : 0
        func part(_ from: UInt8, _ to: UInt8) -> UInt8 {
            UInt8((Double(from) + (Double(to) - Double(from)) * share).rounded())
        }
        return RGB(red: part(red, other.red), green: part(green, other.green), blue: part(blue, other.blue))
    }

    /// How far apart two colours look, roughly: the eye sees green best and blue worst.
    func distance(to other: RGB) -> Int {
        let (red, green, blue) = (
            Int(red) - Int(other.red), Int(green) - Int(other.green), Int(blue) - Int(other.blue)
        )
        return 3 * red * red + 6 * green * green + 2 * blue * blue
    }
}
