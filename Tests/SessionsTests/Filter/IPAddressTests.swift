import SessionTesting
import Testing

@testable import Sessions

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#endif

@Suite("IP addresses and ranges")
struct IPAddressTests {
    /// The system's parser, as a reference.
    private func system(_ text: String) -> IPAddress? {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 {
            return IPAddress(ipv4: bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) })
        }
        guard inet_pton(AF_INET6, text, &bytes) == 1 else { return nil }
        return IPAddress(ipv6: bytes.reduce(0) { $0 << 8 | UInt128($1) })
    }

    @Test("Any text is read as the system reads it", arguments: 0..<20 as Range<UInt64>)
    func parsing(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let parts = [
            "0", "1", "9", "25", "255", "256", "01", "a", "F", "ffff", "12345", ":", ":", "::", ".", ".", "g", " ",
        ]
        for _ in 0..<3000 {
            let text = (0..<Int.random(in: 0...17, using: &random)).map { _ in random.pick(parts) }.joined()
            #expect(IPAddress(text) == system(text), "\(text)")
        }
    }

    @Test("An address prints as the system reads it back, in the form of RFC 5952", arguments: 0..<10 as Range<UInt64>)
    func printing(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            var bits: UInt128 = 0
            for _ in 0..<8 { bits = bits << 16 | (random.once(in: 2) ? 0 : UInt128(random.next() & 0xFFF)) }
            let address = random.once(in: 2) ? IPAddress(ipv6: bits) : IPAddress(ipv4: UInt32(truncatingIfNeeded: bits))
            #expect(system("\(address)") == address)
        }
        #expect("\(IPAddress(ipv6: 1))" == "::1")
        #expect(IPAddress("2001:0db8:0:0:1:0:0:1").map { "\($0)" } == "2001:db8::1:0:0:1")
        #expect(IPAddress("2001:db8:0:1:1:1:1:1").map { "\($0)" } == "2001:db8:0:1:1:1:1:1")
    }

    @Test("A range contains exactly the addresses that share its first bits", arguments: 0..<20 as Range<UInt64>)
    func ranges(seed: UInt64) throws {
        var random = RandomFilters(seed: seed)
        func bits(_ address: IPAddress) -> [Bool] {
            (0..<address.width).map { address.bits >> (address.width - 1 - $0) & 1 == 1 }
        }
        for _ in 0..<500 {
            let (network, address) = (random.network(), random.address())
            let expected =
                network.base.isIPv4 == address.isIPv4
                && bits(network.base).prefix(network.prefixLength) == bits(address).prefix(network.prefixLength)
            #expect(network.contains(address) == expected)
            #expect(IPNetwork("\(network)") == network)
        }
    }

    @Test("A mapped address is the IPv4 address it holds, in ranges too")
    func mapped() throws {
        let network = try #require(IPNetwork("10.0.0.0/8"))
        #expect(IPAddress("::ffff:10.1.2.3").map(network.contains) == true)
        #expect(IPNetwork("::ffff:10.0.0.0/104") == network)
        #expect(IPAddress("fe80::1%eth0") == IPAddress("fe80::1"))
    }

    @Test(
        "An address is this machine's own, or may be another's",
        arguments: [
            ("127.0.0.1", true), ("127.9.9.9", true), ("::1", true), ("::ffff:127.0.0.1", true), ("10.0.0.1", false),
            ("::ffff:192.0.2.1", false), ("1::1", false), ("12.7.0.1", false), ("", false),
            ("fe80::1", false), ("0.0.0.0", false),
        ])
    func addresses(address: String, isLoopback: Bool) {
        #expect((IPAddress(address)?.isLoopback ?? false) == isLoopback)
    }

    @Test(
        "A host is this machine for certain, or may be another",
        arguments: [
            ("localhost", true), ("127.0.0.1", true), ("::1", true), ("127.0.0.1.evil.example", false),
            ("127.evil.example", false), ("localhost.evil.example", false), ("example.org", false), ("0.0.0.0", false),
            ("::", false), ("", false),
        ])
    func hosts(host: String, isLoopback: Bool) { #expect(IPAddress.isLoopback(host: host) == isLoopback) }

    @Test(
        "What is no range is refused",
        arguments: [
            "", "/", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/8/8", "10.0.0/8", "10.0.0.0/-1", "10.0.0.0/ 8",
            "fe80::1%a",
            "::ffff:10.0.0.0/129", "10.0.0.0/99999999999999999999", "example.org", "1:2:3:4:5:6:7:8:9", ":::",
        ])
    func refused(text: String) { #expect(IPNetwork(text) == nil) }
}
