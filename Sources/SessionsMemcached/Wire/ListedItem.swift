internal import Sessions

/// An item as a listing shows it: everything but its value and flags.
struct ListedItem: Equatable, Sendable {
    /// Its key.
    var key: MemcachedKey
    /// When it goes, in seconds since 1970; `nil`: by itself never.
    var expires: Int64?
    /// Its number.
    var cas: UInt64
    /// Its size with everything that belongs to it, in bytes.
    var byteCount: Int

    /// Reads a line `key=… exp=… la=… cas=… fetch=… cls=… size=…`, the key as in a URL.
    ///
    /// - Parameter line: the line; `nil` where it isn't one.
    init?(line: ArraySlice<UInt8>) {
        var (key, cas, size): (MemcachedKey?, UInt64?, Int?)
        var expiry: ArraySlice<UInt8>?
        for field in line.split(separator: UInt8(ascii: " ")) {
            guard let equals = field.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            let (name, value) = (field[..<equals], field[(equals + 1)...])
            if name.elementsEqual("key".utf8) {
                key = PercentEncoding.decode(value).flatMap { MemcachedKey($0) }
            } else if name.elementsEqual("cas".utf8) {
                cas = UInt64(decimal: value)
            } else if name.elementsEqual("size".utf8) {
                size = UInt64(decimal: value).flatMap(Int.init(exactly:))
            } else if name.elementsEqual("exp".utf8) {
                expiry = value
            }
        }
        guard let key, let cas, let size, let expiry else { return nil }
        if expiry.elementsEqual("-1".utf8) {
            expires = nil
        } else {
            guard let seconds = UInt64(decimal: expiry).flatMap(Int64.init(exactly:)) else { return nil }
            expires = seconds
        }
        (self.key, self.cas, byteCount) = (key, cas, size)
    }

    /// Makes an item.
    init(key: MemcachedKey, expires: Int64?, cas: UInt64, byteCount: Int) {
        (self.key, self.expires, self.cas, self.byteCount) = (key, expires, cas, byteCount)
    }
}

extension UInt64 {
    /// Reads digits and nothing else; `nil` where there are none, or too many.
    init?(decimal digits: some Collection<UInt8>) {
        guard !digits.isEmpty else { return nil }
        var value: UInt64 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            let (tens, isTooMuch) = value.multipliedReportingOverflow(by: 10)
            let (sum, isMore) = tens.addingReportingOverflow(UInt64(digit - UInt8(ascii: "0")))
            guard !isTooMuch, !isMore else { return nil }
            value = sum
        }
        self = value
    }
}
