#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// An application's own state within a session: a type of its own, with bytes underneath.
///
/// For a type that is `Codable` there is nothing more to write: its bytes are JSON with sorted keys. Two states are the
/// same where their bytes are: then nothing is written.
///
/// ```swift
/// struct Cart: Codable, SessionPayload {
///     var items: [String: Int] = [:]
/// }
/// ```
public protocol SessionPayload: Sendable {
    /// The state of whoever has none yet.
    init()

    /// Reads the state from bytes, which an older version of the application may have written.
    ///
    /// - Throws: any error, where the bytes can't be read.
    init(sessionBytes: [UInt8]) throws

    /// The state as bytes, the same for the same state.
    ///
    /// - Throws: any error, where the state can't be written.
    func sessionBytes() throws -> [UInt8]
}

extension SessionPayload where Self: Codable {
    /// Reads the state from JSON.
    ///
    /// - Throws: `DecodingError`.
    public init(sessionBytes: [UInt8]) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(sessionBytes))
    }

    /// The state as JSON with sorted keys.
    ///
    /// - Throws: `EncodingError`.
    public func sessionBytes() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }
}

/// State that is nothing but bytes.
public struct RawPayload: SessionPayload, Equatable {
    /// The state.
    public var bytes: [UInt8]

    /// No bytes.
    public init() { bytes = [] }

    /// These bytes.
    public init(sessionBytes: [UInt8]) { bytes = sessionBytes }

    /// The bytes.
    public func sessionBytes() -> [UInt8] { bytes }
}
