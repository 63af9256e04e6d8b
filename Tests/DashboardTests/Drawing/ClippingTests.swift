import Screen
import Testing

@testable import Dashboard

@Suite("Names that are too long")
struct ClippingTests {
    @Test("The middle goes, and what is left is never wider than asked for")
    func middle() {
        #expect("svc-billing".clippedInMiddle(to: 11) == "svc-billing")
        #expect("svc-billing".clippedInMiddle(to: 10) == "svc-b…ling")
        #expect("svc-billing".clippedInMiddle(to: 1) == "…" && "svc-billing".clippedInMiddle(to: 0).isEmpty)
        #expect("山田太郎".clippedInMiddle(to: 6) == "山…郎")
        for columns in -1..<30 {
            for name in ["a\u{1B}[2J\u{202E}e\u{301}\u{302}", "作者作者作者", String(repeating: "x", count: 10_000)] {
                #expect(TextWidth.of(name.clippedInMiddle(to: columns)) <= max(0, columns))
            }
        }
    }
}
