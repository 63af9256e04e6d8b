import Foundation
import Sessions
import Testing

@testable import SessionTokens

/// Published vectors: a file of `Vectors/` for each algorithm.
enum VectorFile {
    struct Missing: Error, CustomStringConvertible {
        var description: String
    }

    /// The values of a file.
    static func read(_ name: String) throws -> JSONValue {
        let folder = URL(fileURLWithPath: "\(#filePath)").deletingLastPathComponent().deletingLastPathComponent()
        let bytes = Array(try Data(contentsOf: folder.appendingPathComponent("Vectors/\(name).json")))
        return try JSONValue(strict: bytes, depthLimit: 16)
    }

    /// The vectors of a file.
    static func vectors(_ name: String) throws -> [JSONValue] { try read(name).elements() }
}

extension JSONValue {
    /// The elements of an array.
    func elements() throws -> [JSONValue] {
        guard case .array(let elements) = self, !elements.isEmpty else { throw VectorFile.Missing(description: "none") }
        return elements
    }

    /// A text that must be there.
    func text(_ name: String) throws -> String {
        guard case .string(let text)? = self[name] else { throw VectorFile.Missing(description: name) }
        return text
    }

    /// Bytes that must be there.
    func bytes(_ name: String) throws -> [UInt8] {
        guard let bytes = Base64URL.decode(try text(name).utf8) else { throw VectorFile.Missing(description: name) }
        return bytes
    }

    /// A key that must be there.
    func key(_ name: String) throws -> JSONWebKey {
        guard let value = self[name] else { throw VectorFile.Missing(description: name) }
        return try JSONWebKey(json: value)
    }
}
