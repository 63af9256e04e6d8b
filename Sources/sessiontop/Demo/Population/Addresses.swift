/// The addresses of the demo's clients: from the ranges kept for documentation, and from private ones for variety.
enum Addresses {
    /// An address where somebody lives or works.
    static func draw(using generator: inout some RandomNumberGenerator) -> String {
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<35: documentation(using: &generator)
        case 35..<55: dotted([10, byte(0...63, &generator), byte(0...255, &generator), host(&generator)])
        case 55..<80: dotted([100, byte(64...127, &generator), byte(0...255, &generator), host(&generator)])
        default: version6(using: &generator)
        }
    }

    /// Where a stolen account is used from: a net that nobody of ours lives in.
    static func drawForThief(using generator: inout some RandomNumberGenerator) -> String {
        dotted([203, 0, 113, byte(224...254, &generator)])
    }

    private static func documentation(using generator: inout some RandomNumberGenerator) -> String {
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: dotted([192, 0, 2, host(&generator)])
        case 1: dotted([198, 51, 100, host(&generator)])
        default: dotted([203, 0, 113, byte(1...223, &generator)])
        }
    }

    private static func version6(using generator: inout some RandomNumberGenerator) -> String {
        func group(_ range: ClosedRange<Int>) -> String {
            String(Int.random(in: range, using: &generator), radix: 16)
        }
        return "2001:db8:\(group(1...0xfff)):\(group(1...0xff))::\(group(1...0xffff))"
    }

    private static func dotted(_ bytes: [Int]) -> String { bytes.map(String.init).joined(separator: ".") }

    private static func byte(_ range: ClosedRange<Int>, _ generator: inout some RandomNumberGenerator) -> Int {
        Int.random(in: range, using: &generator)
    }

    private static func host(_ generator: inout some RandomNumberGenerator) -> Int { byte(1...254, &generator) }
}
