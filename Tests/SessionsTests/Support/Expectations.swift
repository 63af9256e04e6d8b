import SessionTesting
import Testing

@testable import Sessions

/// Expects an error of a code.
func expect<Result>(
    _ code: SessionsError.Code, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Result
) {
    let error = #expect(throws: SessionsError.self, sourceLocation: sourceLocation) { _ = try body() }
    if let error { #expect(error.code == code, sourceLocation: sourceLocation) }
}

extension SeededGenerator {
    /// Random bytes.
    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }
}

/// The hash of a small number, for tests that need some ids.
func anID(_ number: Int) -> IDHash { IDHash(hashing: Array("id \(number)".utf8)) }
