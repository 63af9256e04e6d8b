/// A text to look for: a whole one by exact bytes, or a part in any case; `*` stands for any text in between.
package struct TextPattern: Sendable, Equatable {
    /// What is between the `*`, in order; folded where ``isPart``.
    package let pieces: [[UInt8]]
    /// Whether it may stand anywhere in a text, in any case.
    package let isPart: Bool
    private let isASCII: Bool
    /// The characters that every text that matches has, in lower or upper case.
    private let required: ASCIISet

    /// A pattern for the whole text, compared by bytes.
    ///
    /// - Parameter pieces: what stands between the `*`; one piece is an exact match.
    package init(whole pieces: [[UInt8]]) {
        let inner = pieces.dropFirst().dropLast().filter { !$0.isEmpty }
        self.pieces = pieces.count < 2 ? pieces : [pieces[0]] + inner + [pieces[pieces.count - 1]]
        isPart = false
        isASCII = true
        required = Self.characters(of: self.pieces)
    }

    /// A pattern for any part of a text, in any case.
    package init(part pieces: [[UInt8]]) {
        self.pieces = pieces.filter { !$0.isEmpty }.map { CaseFolding.fold($0) }
        isPart = true
        isASCII = self.pieces.allSatisfy { $0.allSatisfy { $0 < 0x80 } }
        required = Self.characters(of: self.pieces)
    }

    /// Whether any text can match that is written with some characters; they are folded.
    package func canMatch(_ alphabet: ASCIISet) -> Bool { alphabet.isSuperset(of: required) }

    /// Adds the characters of a text to those for ``canMatch(_:)``.
    package static func add(_ text: UnsafeBufferPointer<UInt8>, to alphabet: inout ASCIISet) {
        for byte in text { alphabet.insert(CaseFolding.fold(byte)) }
    }

    private static func characters(of pieces: [[UInt8]]) -> ASCIISet {
        var characters = ASCIISet()
        for piece in pieces { piece.withUnsafeBufferPointer { add($0, to: &characters) } }
        return characters
    }

    /// Whether a text matches.
    package func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        isPart ? hasPieces(pieces[...], in: text, from: 0) : matchesWhole(text)
    }

    /// Whether a known text matches; an unknown one doesn't.
    func matches(_ text: String?) -> Bool {
        guard var text else { return false }
        return text.withUTF8 { matches($0) }
    }

    /// Whether a handle's twelve digits match.
    package func matches(_ handle: Handle) -> Bool { handleTest?(handle) ?? false }

    /// A test for many handles; `nil` where no handle can match.
    ///
    /// A part of digits is compared as a number, at each of the places where it can stand.
    package var handleTest: ((Handle) -> Bool)? {
        guard pieces.allSatisfy({ $0.count <= 12 && $0.allSatisfy { Hex.value(of: $0) != nil } }) else { return nil }
        guard pieces.count == 1, isPart else { return matchesDigits }
        let count = pieces[0].count
        let wanted = pieces[0].reduce(UInt64(0)) { $0 << 4 | UInt64(Hex.value(of: $1) ?? 0) }
        let mask = UInt64(1) << UInt64(4 * count) - 1
        return { handle in
            var value = handle.value
            for _ in count...12 {
                if value & mask == wanted { return true }
                value >>= 4
            }
            return false
        }
    }

    private func matchesDigits(_ handle: Handle) -> Bool {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 12) { digits in
            for place in 0..<12 { digits[place] = Hex.digits[Int(handle.value >> UInt64(44 - 4 * place) & 15)] }
            return matches(UnsafeBufferPointer(digits))
        }
    }

    private func matchesWhole(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = pieces.first, let last = pieces.last else { return false }
        guard pieces.count > 1 else { return text.elementsEqual(first) }
        guard text.count >= first.count + last.count, text.starts(with: first),
            text.suffix(last.count).elementsEqual(last)
        else { return false }
        let inner = UnsafeBufferPointer(rebasing: text[first.count..<text.count - last.count])
        return hasPieces(pieces.dropFirst().dropLast(), in: inner, from: 0)
    }

    /// Whether pieces follow each other in a text; taking each as early as it comes is enough.
    private func hasPieces(
        _ pieces: ArraySlice<[UInt8]>, in text: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> Bool {
        var position = start
        for piece in pieces {
            let found = piece.withUnsafeBufferPointer { piece in
                !isPart
                    ? ByteSearch.exact(piece, in: text, from: position)
                    : isASCII
                        ? ByteSearch.folded(piece, in: text, from: position)
                        : ByteSearch.foldedScalars(piece, in: text, from: position)
            }
            guard let found else { return false }
            position = found + piece.count
        }
        return true
    }
}

/// Where bytes stand in others.
enum ByteSearch {
    typealias Bytes = UnsafeBufferPointer<UInt8>

    /// By exact bytes.
    static func exact(_ piece: Bytes, in text: Bytes, from start: Int) -> Int? {
        search(piece, in: text, from: start) { $0 }
    }

    /// A folded piece of ASCII, in any case.
    static func folded(_ piece: Bytes, in text: Bytes, from start: Int) -> Int? {
        search(piece, in: text, from: start) { CaseFolding.fold($0) }
    }

    @inline(__always)
    private static func search(_ piece: Bytes, in text: Bytes, from start: Int, _ fold: (UInt8) -> UInt8) -> Int? {
        guard let first = piece.first else { return start }
        guard text.count - start >= piece.count else { return nil }
        for position in start...text.count - piece.count where fold(text[position]) == first {
            var length = 1
            while length < piece.count, fold(text[position + length]) == piece[length] { length += 1 }
            if length == piece.count { return position }
        }
        return nil
    }

    /// A folded piece with characters beyond ASCII, in any case.
    static func foldedScalars(_ piece: Bytes, in text: Bytes, from start: Int) -> Int? {
        guard text.count - start >= piece.count else { return nil }
        return (start...text.count - piece.count).first { position in
            // A piece begins with a whole character, and so must its place.
            text[position] & 0xC0 != 0x80 && stands(piece, in: text, at: position)
        }
    }

    private static func stands(_ piece: Bytes, in text: Bytes, at position: Int) -> Bool {
        var length = 0
        while length < piece.count {
            let byte = text[position + length]
            if CaseFolding.isLead(byte), length + 1 < piece.count {
                guard CaseFolding.fold(byte, text[position + length + 1]) == (piece[length], piece[length + 1]) else {
                    return false
                }
                length += 2
            } else {
                guard CaseFolding.fold(byte) == piece[length] else { return false }
                length += 1
            }
        }
        return true
    }
}
