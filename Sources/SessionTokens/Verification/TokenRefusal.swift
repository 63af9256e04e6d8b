public import Sessions

/// Why a token is refused.
///
/// The code is for programs, and stays as it is; the message is for people. No part of the token stands in either.
public struct TokenRefusal: Error, Hashable, Sendable {
    /// Which rule it breaks.
    public var code: Code
    /// What is wrong, and what to do about it where anything can be done.
    public var message: String

    /// Makes a refusal.
    ///
    /// - Parameters:
    ///   - code: which rule the token breaks.
    ///   - message: what is wrong. No part of the token.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension TokenRefusal: CustomStringConvertible {
    /// The code and the message.
    public var description: String { "\(code): \(message)" }
}

extension TokenRefusal {
    /// The refusal as commands and endpoints print it.
    public var json: JSONValue { ["code": .string(code.rawValue), "message": .string(message)] }
}
