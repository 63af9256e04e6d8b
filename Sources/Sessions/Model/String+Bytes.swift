extension String {
    /// Whether two texts are the same bytes: `==` takes other spellings of the same characters for equal.
    package func hasBytes(of other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        let isSame = utf8.withContiguousStorageIfAvailable { ours in
            other.utf8.withContiguousStorageIfAvailable { UnsafeRawBufferPointer(ours).hasBytes(of: .init($0)) }
        }
        return (isSame ?? nil) ?? utf8.elementsEqual(other.utf8)
    }
}

extension String? {
    /// Whether both are missing, or are the same bytes.
    package func hasBytes(of other: String?) -> Bool {
        guard let self, let other else { return self == nil && other == nil }
        return self.hasBytes(of: other)
    }
}

extension String {
    /// Whether a text is just these bytes.
    package func hasBytes(of other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard utf8.count == other.count else { return false }
        let isSame = utf8.withContiguousStorageIfAvailable { UnsafeRawBufferPointer($0).hasBytes(of: .init(other)) }
        return isSame ?? utf8.elementsEqual(other)
    }
}

extension ArraySlice<UInt8> {
    /// Whether two slices hold the same bytes.
    package func hasBytes(of other: ArraySlice<UInt8>) -> Bool {
        guard count == other.count else { return false }
        return withUnsafeBytes { ours in other.withUnsafeBytes { ours.hasBytes(of: $0) } }
    }
}

extension UnsafeRawBufferPointer {
    /// Whether another piece of memory of the same length has the same bytes; eight at a time.
    fileprivate func hasBytes(of other: UnsafeRawBufferPointer) -> Bool {
        var difference: UInt64 = 0
        let whole = count & ~7
        for place in stride(from: 0, to: whole, by: 8) {
            difference |=
                loadUnaligned(fromByteOffset: place, as: UInt64.self)
                ^ other.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        }
        for place in whole..<count { difference |= UInt64(self[place] ^ other[place]) }
        return difference == 0
    }
}
