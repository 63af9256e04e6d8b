import Dispatch
import Foundation
import SessionTesting
import Synchronization
import Testing

/// A server without TLS that asks for a password in plain text, keeps what it hears, and hangs up.
final class PlaintextPostgres: Sendable {
    let port: Int
    private let listener: Int32
    private let bytes = Mutex<[UInt8]>([])
    private let ended = DispatchSemaphore(value: 0)

    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 8) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        try #require(isListening)
        self.listener = listener
        port = Int(UInt16(bigEndian: address.sin_port))
        DispatchQueue.global().async { self.serve() }
    }

    deinit { close(listener) }

    /// What was heard on the one connection, once it has ended.
    func heard() -> String {
        ended.wait()
        return bytes.withLock { String(decoding: $0, as: UTF8.self) }
    }

    private func serve() {
        defer { ended.signal() }
        let client = accept(listener, nil, nil)
        defer { close(client) }
        while let piece = read(client), !piece.isEmpty {
            bytes.withLock { $0 += piece }
            if piece.count == 8 {
                // TLS or GSSAPI was asked for: neither is here.
                send(client, [UInt8(ascii: "N")])
            } else if piece.first == UInt8(ascii: "p") {
                return
            } else {
                // AuthenticationCleartextPassword.
                send(client, [UInt8(ascii: "R"), 0, 0, 0, 8, 0, 0, 0, 3])
            }
        }
    }

    private func read(_ client: Int32) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(client, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    private func send(_ client: Int32, _ bytes: [UInt8]) {
        _ = Foundation.send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
}

/// Does what waits for the network aside.
func onThread<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(with: .init(catching: work)) }
    }
}
