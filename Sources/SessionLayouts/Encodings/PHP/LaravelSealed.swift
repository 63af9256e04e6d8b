internal import Sessions

/// Tells what Laravel's encrypter has written: nothing of it can be read without the application's key.
enum LaravelSealed {
    /// - Throws: `Malformed`, always: sealed where it is of that form.
    static func value(_ bytes: [UInt8]) throws(Malformed) -> JSONValue {
        guard let plain = Base64.decode(bytes), let box = JSONValue(parsing: plain),
            ["iv", "value", "mac"].allSatisfy({ box[$0] != nil })
        else { throw Malformed("is nothing that Laravel encrypted") }
        throw Malformed("is encrypted with the application's APP_KEY", isSealed: true)
    }
}
