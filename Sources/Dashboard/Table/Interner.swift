internal import Sessions

/// Texts, each kept once, as bytes in one arena; numbered from 1.
///
/// 0 stands for no text.
///
/// A text that nobody uses any more is forgotten, and its room is used again.
struct Interner: Sendable {
    /// A text's number.
    typealias Number = UInt32

    private var arena: [UInt8] = []
    private var starts: [UInt32] = [0]
    private var lengths: [UInt16] = [0]
    private var uses: [UInt32] = [0]
    private var hashes: [UInt32] = [0]
    private var index = SlotIndex()
    private var free: [Number] = []
    private var wasted = 0
    /// The characters of all texts that there ever were.
    private var alphabet = ASCIISet()

    /// Longer texts are cut, so that no stranger decides about the memory.
    static let maximumLength = 1024
    /// No more bytes than this; then further texts count as unknown.
    static let maximumArena = 1 << 30

    /// All numbers are below.
    var bound: Int { starts.count }
    /// How many texts there are.
    var count: Int { index.count }
    /// The bytes that all texts take, in use or not.
    var arenaByteCount: Int { arena.count }

    /// The number of a text, with one more use.
    mutating func intern(_ text: String?) -> Number {
        guard var text else { return 0 }
        if text.utf8.count > Self.maximumLength { text = Self.cut(text) }
        return text.withUTF8 { intern($0) }
    }

    private mutating func intern(_ bytes: UnsafeBufferPointer<UInt8>) -> Number {
        let hash = Self.hash(bytes)
        if let found = index.find(UInt64(hash), where: { hashes[Int($0)] == hash && isEqual($0, bytes) }) {
            uses[Int(found)] += 1
            return found
        }
        guard arena.count + bytes.count <= Self.maximumArena else { return 0 }
        let number = free.popLast() ?? appendNumber()
        starts[Int(number)] = UInt32(arena.count)
        lengths[Int(number)] = UInt16(bytes.count)
        uses[Int(number)] = 1
        hashes[Int(number)] = hash
        arena.append(contentsOf: bytes)
        TextPattern.add(bytes, to: &alphabet)
        index.insert(number, hash: UInt64(hash)) { [hashes] in UInt64(hashes[Int($0)]) }
        return number
    }

    private mutating func appendNumber() -> Number {
        starts.growGently()
        lengths.growGently()
        uses.growGently()
        hashes.growGently()
        starts.append(0)
        lengths.append(0)
        uses.append(0)
        hashes.append(0)
        return Number(starts.count - 1)
    }

    /// Takes back one use.
    mutating func release(_ number: Number) {
        guard number != 0 else { return }
        uses[Int(number)] -= 1
        guard uses[Int(number)] == 0 else { return }
        index.remove(number, hash: UInt64(hashes[Int(number)])) { [hashes] in UInt64(hashes[Int($0)]) }
        wasted += Int(lengths[Int(number)])
        lengths[Int(number)] = 0
        free.append(number)
        if wasted > 65_536, wasted * 2 > arena.count { compactArena() }
    }

    /// Moves the texts together; their numbers stay.
    private mutating func compactArena() {
        var packed: [UInt8] = []
        packed.reserveCapacity(arena.count - wasted)
        for number in 1..<max(1, bound) where uses[number] > 0 {
            let start = Int(starts[number])
            starts[number] = UInt32(packed.count)
            packed.append(contentsOf: arena[start..<start + Int(lengths[number])])
        }
        arena = packed
        wasted = 0
    }

    /// Gives the texts the lowest numbers, in their order.
    ///
    /// - Returns: the new number of each old one.
    mutating func renumber() -> [Number] {
        var map: [Number] = Array(repeating: 0, count: bound)
        var packed = Interner()
        for number in 1..<max(1, bound) where uses[number] > 0 {
            map[number] = withBytes(of: Number(number)) { packed.intern($0) }
            packed.uses[Int(map[number])] = uses[number]
        }
        self = packed
        return map
    }

    /// Lends the bytes of a text; 0 has none.
    @inline(__always)
    func withBytes<Result>(of number: Number, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        let start = Int(starts[Int(number)])
        let end = start + Int(lengths[Int(number)])
        return arena.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[start..<end])) }
    }

    /// How many bytes a text has; 0 has none.
    func byteCount(of number: Number) -> Int { Int(lengths[Int(number)]) }

    /// A text; `nil` for 0.
    func text(_ number: Number) -> String? {
        number == 0 ? nil : withBytes(of: number) { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether a text is another, by bytes.
    func isText(_ number: Number, equalTo other: String?) -> Bool {
        guard let other, number != 0 else { return other == nil && number == 0 }
        guard other.utf8.count <= Self.maximumLength else { return false }
        var text = other
        return text.withUTF8 { isEqual(number, $0) }
    }

    private func isEqual(_ number: Number, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        Int(lengths[Int(number)]) == bytes.count && withBytes(of: number) { $0.elementsEqual(bytes) }
    }

    /// Whether one text comes before another, by bytes.
    func precedes(_ a: Number, _ b: Number) -> Bool {
        withBytes(of: a) { a in withBytes(of: b) { b in a.lexicographicallyPrecedes(b) } }
    }

    /// The answers of a test by number; nothing in use has `false`.
    func map(_ test: (UnsafeBufferPointer<UInt8>) -> Bool) -> [Bool] {
        var answers = Array(repeating: false, count: bound)
        arena.withUnsafeBufferPointer { arena in
            for number in 1..<max(1, bound) where uses[number] > 0 {
                let start = Int(starts[number])
                answers[number] = test(UnsafeBufferPointer(rebasing: arena[start..<start + Int(lengths[number])]))
            }
        }
        return answers
    }

    /// Which texts match a pattern, by number.
    func matching(_ pattern: TextPattern) -> [Bool] {
        guard pattern.canMatch(alphabet) else { return Array(repeating: false, count: bound) }
        return map(pattern.matches)
    }

    /// Lends all texts at once, for loops over many of them.
    @inline(__always)
    func withTexts<Result>(_ body: (InternedTexts) -> Result) -> Result {
        arena.withUnsafeBufferPointer { arena in
            starts.withUnsafeBufferPointer { starts in
                lengths.withUnsafeBufferPointer { lengths in
                    body(InternedTexts(arena: arena, starts: starts, lengths: lengths))
                }
            }
        }
    }

    /// The numbers in use.
    var numbers: [Number] { (1..<Number(max(1, bound))).filter { uses[Int($0)] > 0 } }

    /// Seeded for each process, so that nobody can choose texts that collide.
    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
        var hasher = Hasher()
        hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
        return UInt32(truncatingIfNeeded: hasher.finalize())
    }

    /// A long text's beginning, marked by a digest of the whole, so that two long texts don't become one.
    private static func cut(_ text: String) -> String {
        let mark = "…" + IDHash(hashing: text.utf8).handle.description
        var end = text.utf8.index(text.startIndex, offsetBy: maximumLength - mark.utf8.count)
        while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
        return text[..<end] + mark
    }
}

/// All texts of an interner, as long as they are lent.
struct InternedTexts {
    let arena: UnsafeBufferPointer<UInt8>
    let starts: UnsafeBufferPointer<UInt32>
    let lengths: UnsafeBufferPointer<UInt16>

    /// Eight bytes of a text as a number, zeros past its end.
    @inline(__always)
    func window(of number: Interner.Number, at depth: Int) -> UInt64 {
        let count = min(8, Int(lengths[Int(number)]) - depth)
        guard count > 0 else { return 0 }
        let start = Int(starts[Int(number)]) + depth
        if start + 8 <= arena.count {
            let word = UnsafeRawBufferPointer(arena).loadUnaligned(fromByteOffset: start, as: UInt64.self)
            return UInt64(bigEndian: word) & UInt64.max << UInt64(64 - 8 * count)
        }
        var window: UInt64 = 0
        for byte in arena[start..<start + count] { window = window << 8 | UInt64(byte) }
        return window << UInt64(64 - 8 * count)
    }
}

extension Array {
    /// Makes room for one more by a quarter instead of by as much again: a million rows are better packed than fast.
    @inline(__always)
    mutating func growGently() {
        if count == capacity { reserveCapacity(count + count / 4 + 16) }
    }
}
