internal import Sessions

/// An entry of a stick table as one line: `0x…: key=K use=N exp=N NAME=VALUE …`.
///
/// The key is left as it is written, and the fields are cut out one by one, so that a million of them can be gone through.
struct EntryLine {
    /// The key as it is written.
    let keyText: ArraySlice<UInt8>
    private var rest: ArraySlice<UInt8>

    /// Takes a line apart.
    ///
    /// - Returns: `nil` for a line that is no entry.
    init?(_ line: ArraySlice<UInt8>) {
        guard line.starts(with: "0x".utf8), let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let mark = " key="
        let body = line[(colon + 1)...]
        guard body.starts(with: mark.utf8) else { return nil }
        let key = body.dropFirst(mark.utf8.count)
        var end = key.startIndex
        while end < key.endIndex, key[end] != UInt8(ascii: " ") {
            end += key[end] == UInt8(ascii: "\\") && end + 1 < key.endIndex ? 2 : 1
        }
        keyText = key[..<end]
        rest = key[end...].dropFirst()
    }

    /// The next field; `nil`: there are no more.
    ///
    /// - Throws: ``RuntimeFault/malformed`` for a field without a value.
    mutating func next() throws -> (name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)? {
        guard !rest.isEmpty else { return nil }
        let end = rest.firstIndex(of: UInt8(ascii: " ")) ?? rest.endIndex
        let field = rest[rest.startIndex..<end]
        rest = rest[end...].dropFirst()
        guard let equals = field.firstIndex(of: UInt8(ascii: "=")), equals > field.startIndex else {
            throw RuntimeFault.malformed
        }
        return (field[..<equals], field[(equals + 1)...])
    }

    /// The key's bytes; `nil`: it isn't written as HAProxy writes keys of this kind.
    func key(of kind: TableHeader.Kind) -> [UInt8]? {
        switch kind {
        case .string: KeyText.unescaped(keyText)
        case .binary: Hex.decode(keyText)
        case .integer, .ip, .ipv6, .other: Array(keyText)
        }
    }
}
