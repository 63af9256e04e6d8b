import Testing

@testable import Sessions

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

@Suite("Key rings")
struct KeyRingTests {
    static let key = String(repeating: "A", count: 43)

    @Test("The text form reads back, in order")
    func roundTrip() throws {
        let ring = try KeyRing(newKey: "2026-01").rotated(to: "2026-02").rotated(to: "2026-03")
        let read = try KeyRing(text: ring.secretText)
        #expect(read.ids == ["2026-03", "2026-02", "2026-01"])
        #expect(read.sealingID == "2026-03")
        #expect(read.secretText == ring.secretText)
    }

    @Test("Comments, empty lines, tabs and Windows' line ends are passed over; the environment separates by semicolons")
    func lenientForms() throws {
        #expect(try KeyRing(text: "# keys\r\n\r\n k1\t\(Self.key) \r\nk2 \(Self.key)").ids == ["k1", "k2"])
        #expect(try KeyRing(text: "k1 \(Self.key);k2 \(Self.key)").ids == ["k1", "k2"])
    }

    @Test(
        "A malformed ring is refused",
        arguments: [
            "", "\n", "# nothing", "k1", "k1 short", "k1 \(key) more", "k1 \(key)A", "k1 \(key.dropLast())",
            "k1 \(key)\nk1 \(key)", "k/1 \(key)", "kéy \(key)", "k1 \(key.dropLast())!",
            String(repeating: "k", count: 33) + " \(key)",
            (0...64).map { "k\($0) \(key)\n" }.joined(),
        ])
    func malformed(text: String) {
        expect(.invalidKey) { try KeyRing(text: text) }
    }

    @Test("No error tells a line's text")
    func errorsKeepSecrets() {
        let error = #expect(throws: SessionsError.self) { try KeyRing(text: "k1 topsecret") }
        #expect(error?.description.contains("topsecret") == false)
        #expect(error?.description.contains("k1") == false)
    }

    @Test("Printing a ring shows ids alone")
    func masked() throws {
        let ring = try KeyRing(text: "k1 \(Self.key)")
        var dumped = ""
        dump(ring, to: &dumped)
        for text in ["\(ring)", String(reflecting: ring), dumped] {
            #expect(!text.contains(Self.key))
            #expect(text.contains("k1"))
        }
    }

    @Test("A ring can't rotate to an id it has, nor to a malformed one")
    func rotationRefused() throws {
        let ring = try KeyRing(newKey: "k1")
        expect(.invalidKey) { try ring.rotated(to: "k1") }
        expect(.invalidKey) { try ring.rotated(to: "") }
        expect(.invalidKey) { try KeyRing(newKey: "two words") }
    }

    @Test("A ring never grows beyond its bound, and keeps the newest")
    func boundedRotation() throws {
        var ring = try KeyRing(newKey: "k0")
        for number in 1...100 { ring = try ring.rotated(to: "k\(number)") }
        #expect(ring.ids.count == KeyRing.mostKeys)
        #expect(ring.sealingID == "k100")
        #expect(try KeyRing(text: ring.secretText).ids == ring.ids)
    }

    @Test("A file is made once, with mode 0600, and read back")
    func createdFile() throws {
        try withDirectory { directory in
            let path = directory + "/demo.keys"
            umask(0)
            let made = try KeyRing.loadOrCreate(file: path)
            var status = stat()
            #expect(stat(path, &status) == 0)
            #expect(status.st_mode & 0o7777 == 0o600)
            #expect(try KeyRing.loadOrCreate(file: path).secretText == made.secretText)
            #expect(try KeyRing(file: path).secretText == made.secretText)
            try made.rotated(to: "k2").write(file: path)
            #expect(try KeyRing(file: path).ids == ["k2", "k1"])
            #expect(names(in: directory) == ["demo.keys"], "no temporary file stays behind")
        }
    }

    @Test("A file that others may read or write is refused", arguments: [0o604, 0o640, 0o660, 0o602, 0o644, 0o777])
    func openFile(mode: Int) throws {
        try withDirectory { directory in
            let path = directory + "/keys"
            _ = try KeyRing.loadOrCreate(file: path)
            chmod(path, mode_t(mode))
            expect(.invalidKey) { try KeyRing(file: path) }
            expect(.invalidKey) { try KeyRing.loadOrCreate(file: path) }
        }
    }

    @Test("A missing file, a directory, a pipe and a huge file are refused")
    func notAFile() throws {
        try withDirectory { directory in
            expect(.storeNotFound) { try KeyRing(file: directory + "/none") }
            expect(.invalidKey) { try KeyRing(file: directory) }
            #expect(mkfifo(directory + "/pipe", 0o600) == 0)
            expect(.invalidKey) { try KeyRing(file: directory + "/pipe") }
            try KeyRing(newKey: "k1").write(file: directory + "/huge")
            #expect(truncate(directory + "/huge", 1 << 30) == 0)
            expect(.invalidKey) { try KeyRing(file: directory + "/huge") }
            expect(.invalidKey) { try KeyRing.loadOrCreate(file: directory + "/none/keys") }
        }
    }

    private func withDirectory(_ body: (String) throws -> Void) throws {
        var template = Array("/tmp/sessions-keys-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        let directory = try #require(made)
        defer {
            for name in names(in: directory) { unlink("\(directory)/\(name)") }
            rmdir(directory)
        }
        try body(directory)
    }

    private func names(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
