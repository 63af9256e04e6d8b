/// What one cell shows: a scalar and at most two marks that combine with it.
///
/// Three scalars of 21 bits fit a word, so a cell never needs the heap.
public struct Glyph: Hashable, Sendable {
    /// A blank.
    public static let space = Glyph(ascii: 0x20)
    /// The right half of the wide glyph in the cell before.
    public static let continuation = Glyph(bits: 0)

    let bits: UInt64

    init(bits: UInt64) { self.bits = bits }

    init(ascii: UInt8) { bits = UInt64(ascii) }

    /// Creates a glyph of a scalar; one that must not reach a terminal is replaced, see ``Escaping``.
    public init(_ scalar: Unicode.Scalar) {
        let safe = scalar.isASCII && scalar.value >= 0x20 && scalar.value < 0x7F
        bits = UInt64((safe ? scalar : Escaping.substitute(for: scalar) ?? scalar).value)
    }

    /// The scalar, or `nil` in the right half of a wide glyph.
    public var base: Unicode.Scalar? {
        bits == 0 ? nil : Unicode.Scalar(UInt32(bits & 0x1F_FFFF))
    }

    /// Whether this is the right half of the glyph in the cell before.
    public var isContinuation: Bool { bits == 0 }

    /// Whether it is one printable ASCII character.
    public var isASCII: Bool { bits < 0x80 && bits != 0 }

    /// How many cells it takes.
    public var width: Int {
        guard let base else { return 0 }
        return isASCII ? 1 : max(TextWidth.of(base), 1)
    }

    /// The marks that combine with the scalar.
    public var marks: (Unicode.Scalar?, Unicode.Scalar?) {
        let first = UInt32(bits >> 21 & 0x1F_FFFF)
        let second = UInt32(bits >> 42 & 0x1F_FFFF)
        return (first == 0 ? nil : Unicode.Scalar(first), second == 0 ? nil : Unicode.Scalar(second))
    }

    /// The glyph with one more mark, or the same one when it has two already.
    func combined(with mark: Unicode.Scalar) -> Glyph {
        if bits == 0 || bits >> 42 != 0 { return self }
        return Glyph(bits: bits | UInt64(mark.value) << (bits >> 21 == 0 ? 21 : 42))
    }
}
