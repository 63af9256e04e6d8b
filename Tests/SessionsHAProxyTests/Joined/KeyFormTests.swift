import Sessions
import SessionTesting
import Testing

@testable import SessionsHAProxy

@Suite("What a cookie may be called by its store")
struct KeyFormTests {
    private func forms(_ cookie: String) -> [IDHash] { KeyForms.sessions(Array(cookie.utf8), of: .string) }
    private func raw(_ id: String) -> IDHash { IDHash(hashing: Array(id.utf8)) }

    @Test("The id itself, and the id of a cookie that is encoded, quoted, signed or digested")
    func forms() {
        let id = "9b01d4eeaa40c8b7e2195f3d"
        #expect(forms(id).first == raw(id))
        #expect(forms("s%3A\(id).R2%2BxY").contains(raw(id)), "Express")
        #expect(forms("s:\(id).sig").contains(raw(id)))
        #expect(forms("\(id).sig").contains(raw(id)))
        #expect(forms("%22\(id)%22").contains(raw(id)))
        #expect(forms("YjQ5ZDc2ZTMtYzU2Ny00ZjJk").contains(raw("b49d76e3-c567-4f2d")), "Spring")
        let native = SessionID()
        #expect(forms(native.secretText).first == native.hash)
        let digest = native.hash.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(forms(digest).contains(native.hash))
        #expect(KeyForms.sessions(native.hash.bytes, of: .binary) == [native.hash])
    }

    @Test("Whatever strangers send is read, each form once, and never traps")
    func strangers() {
        var chance = SeededGenerator(seed: 3)
        let bytes = Array("%s:.\"=aF0+/-_".utf8) + [0, 0xff]
        for _ in 0..<20_000 {
            let key = (0..<Int.random(in: 0...70, using: &chance)).map { _ in chance.pick(bytes) }
            for kind in TableHeader.Kind.allCases {
                let forms = KeyForms.sessions(key, of: kind)
                #expect(!forms.isEmpty && Set(forms).count == forms.count)
            }
        }
    }
}
