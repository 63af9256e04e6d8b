extension RGB {
    /// The steps of the colour cube of 256-colour terminals; they are not evenly spaced.
    private static let levels: [UInt8] = [0, 95, 135, 175, 215, 255]

    /// The colour that a 256-colour terminal shows for an index, or `nil` for the first 16, which its user chose.
    public init?(xterm index: UInt8) {
        switch index {
        case 0..<16: return nil
        case 16..<232:
            let cube = Int(index) - 16
            self.init(
                red: RGB.levels[cube / 36], green: RGB.levels[cube / 6 % 6], blue: RGB.levels[cube % 6])
        default:
            let grey = 8 + (index - 232) * 10
            self.init(red: grey, green: grey, blue: grey)
        }
    }

    /// The index of the nearest colour that a 256-colour terminal has, never one of the first 16.
    public var nearestXterm: UInt8 {
        let cube = 16 + 36 * RGB.nearestLevel(red) + 6 * RGB.nearestLevel(green) + RGB.nearestLevel(blue)
        let average = (Int(red) * 3 + Int(green) * 6 + Int(blue) * 2) / 11
        let grey = 232 + min(max((average - 3) / 10, 0), 23)
        let candidates = [UInt8(cube), UInt8(grey)]
        return candidates.min { offset(of: $0) < offset(of: $1) } ?? 16
    }

    private func offset(of index: UInt8) -> Int {
        RGB(xterm: index).map(distance) ?? .max
    }

    private static func nearestLevel(_ part: UInt8) -> Int {
        levels.indices.min { abs(Int(levels[$0]) - Int(part)) < abs(Int(levels[$1]) - Int(part)) } ?? 0
    }
}
