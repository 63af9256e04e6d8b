/// A payload as a key holds it: the length of its key's name and one, the name, the bytes; 0 for plain ones.
package enum StoredPayload {
    package static func packed(_ payload: Payload) throws -> [UInt8] {
        guard let name = payload.keyID?.utf8 else { return [0] + payload.bytes }
        guard name.count < 255 else {
            throw SessionsError(
                .invalidKey, "the name of a payload's key is longer than 254 bytes: give it a short one")
        }
        return [UInt8(name.count + 1)] + name + payload.bytes
    }

    package static func read(_ bytes: [UInt8]) throws -> Payload {
        guard let length = bytes.first, Int(length) <= bytes.count else { throw PackedReader.corrupt }
        guard length > 0 else { return Payload(bytes: Array(bytes.dropFirst())) }
        return Payload(
            keyID: String(decoding: bytes[1..<Int(length)], as: UTF8.self), bytes: Array(bytes[Int(length)...]))
    }
}
