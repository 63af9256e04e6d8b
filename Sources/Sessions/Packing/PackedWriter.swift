/// Writes a flat MessagePack array: what stores of keys and values keep, and what scripts take apart with `cmsgpack`.
///
/// Absent values are `false`: `nil` would make a hole in a table of Lua.
package struct PackedWriter {
    private var body: [UInt8] = []
    private var count = 0

    /// Begins an empty array.
    package init() {}

    package mutating func add(_ number: Int64) {
        count += 1
        switch number {
        case 0...127: body.append(UInt8(truncatingIfNeeded: number))
        case 128...0xffff: append(0xcd, UInt16(truncatingIfNeeded: number))
        case 0x1_0000...0xffff_ffff: append(0xce, UInt32(truncatingIfNeeded: number))
        default: append(0xd3, number)
        }
    }

    package mutating func add(_ bytes: some Collection<UInt8>) {
        count += 1
        switch bytes.count {
        case 0..<32: body.append(0xa0 | UInt8(truncatingIfNeeded: bytes.count))
        case 32...0xff: append(0xd9, UInt8(truncatingIfNeeded: bytes.count))
        case 0x100...0xffff: append(0xda, UInt16(truncatingIfNeeded: bytes.count))
        default: append(0xdb, UInt32(truncatingIfNeeded: bytes.count))
        }
        body.append(contentsOf: bytes)
    }

    package mutating func addNothing() {
        count += 1
        body.append(0xc2)
    }

    /// The array, its length first.
    package var bytes: [UInt8] {
        var head = PackedWriter()
        if count < 16 {
            head.body.append(0x90 | UInt8(truncatingIfNeeded: count))
        } else {
            head.append(0xdd, UInt32(truncatingIfNeeded: count))
        }
        return head.body + body
    }

    private mutating func append(_ kind: UInt8, _ number: some FixedWidthInteger) {
        body.append(kind)
        withUnsafeBytes(of: number.bigEndian) { body.append(contentsOf: $0) }
    }
}

extension PackedWriter {
    package mutating func add(_ text: String) { add(text.utf8) }
    package mutating func add(_ moment: Timestamp) { add(moment.milliseconds) }
    package mutating func add(_ id: IDHash) { add(id.bytes) }
    package mutating func add(_ text: String?) { if let text { add(text.utf8) } else { addNothing() } }
    package mutating func add(_ moment: Timestamp?) { if let moment { add(moment.milliseconds) } else { addNothing() } }

    package mutating func add(_ duration: Duration?) {
        if let duration { add(duration.wholeMilliseconds) } else { addNothing() }
    }

    package mutating func add(_ revocation: Revocation) {
        add(revocation.at)
        add(revocation.by)
        add(revocation.reason)
    }
}
