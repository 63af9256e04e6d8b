import Foundation
import SessionLayouts
import Sessions
import Testing

/// What real writers wrote, encoding by encoding; the fixtures have the rest.
@Suite struct EncodingTests {
    private func decoded(_ encoding: PayloadEncoding, _ text: String) throws -> String {
        let data = try #require(Data(base64Encoded: text))
        return try encoding.decode(Array(data)).description
    }

    private func plain(_ encoding: PayloadEncoding, _ text: String) throws -> String {
        try encoding.decode(Array(text.utf8)).description
    }

    @Test("Python's pickle reads the same in every protocol", arguments: PickleSamples.byProtocol)
    func pickle(_ sample: PickleSample) throws {
        let value = try PayloadEncoding.pickle.decode(try #require(sample.bytes))
        #expect(
            value["a"]?.description
                == #"[1,-2,300,70000,1099511627776,-1180591620717411303424,1.5,true,null,"ü🦊","line\n'\"\\"]"#)
        #expect(value["t"]?.description == "[1]")
        #expect(value["d"]?.description == #"{"x":{}}"#)
        if sample.number >= 3 { #expect(value["b"]?.description == #"{"$base64":"/wA="}"#) }
        if sample.number >= 4 { #expect(value["s"]?.description == "[1]") }
    }

    @Test func `a pickled object is told by its name and its arguments`() throws {
        let text = try decoded(.pickle, PickleSamples.objects)
        #expect(text.contains(#""at":{"$class":"datetime.datetime","$arguments":["#))
        #expect(text.contains(#""p":{"$class":"decimal.Decimal","$arguments":["1.5"]}"#))
    }

    @Test func `a pickled object that is a list, too, is told with its elements`() throws {
        #expect(
            try decoded(.pickle, PickleSamples.lists)
                == #"{"q":{"$class":"collections.deque","$arguments":[[],5],"$items":[1,2]},"#
                + #""row":{"$class":"app.Row","$arguments":[],"$items":[1,"x"],"$state":{"note":"n"}}}"#)
        // One after the other: they stay together.
        #expect(
            try PayloadEncoding.pickle.decode(Array("cq\nQ\n)RI1\naI2\na.".utf8)).description
                == #"{"$class":"q.Q","$arguments":[],"$items":[1,2]}"#)
        #expect(throws: Malformed.self) { try PayloadEncoding.pickle.decode(Array("}I1\na.".utf8)) }
    }

    @Test func `what two members share is told twice, and what holds itself once`() throws {
        #expect(try decoded(.pickle, PickleSamples.shared) == #"{"one":["x"],"two":["x"]}"#)
        #expect(try decoded(.pickle, PickleSamples.cycle) == #"[{"$cycle":true}]"#)
        #expect(try plain(.php, #"a:2:{i:0;a:1:{i:0;i:7;}i:1;R:2;}"#) == "[[7],[7]]")
        #expect(try plain(.php, #"O:1:"A":1:{s:1:"a";r:1;}"#) == #"{"$class":"A","a":{"$cycle":true}}"#)
        #expect(try PayloadEncoding.marshal.decode(hexadecimal("0408 5b07 5b06 6907 4006")).description == "[[2],[2]]")
    }

    @Test func `what Python writes for numbers that are none is read as text`() throws {
        #expect(
            try plain(.json, #"{"a":NaN,"b":[Infinity, -Infinity,-1]}"#)
                == #"{"a":"NaN","b":["Infinity","-Infinity",-1]}"#)
        for text in ["{\"a\":Na}", "-Inf", "nan", "[NaNN]", "{NaN:1}"] {
            #expect(throws: Malformed.self) { try plain(.json, text) }
        }
        let old = Data("0123abcd:{\"ratio\":NaN}".utf8).base64EncodedString()
        #expect(try plain(.djangoSigned, old) == #"{"ratio":"NaN"}"#)
    }

    @Test func `PHP's values are read, privates under their own names`() throws {
        #expect(
            try plain(.php, #"a:5:{i:0;N;i:1;b:1;i:2;i:-5;i:3;d:0.5;i:4;s:2:"ü";}"#) == #"[null,true,-5,0.5,"ü"]"#)
        #expect(try plain(.php, #"a:1:{s:1:"k";a:0:{}}"#) == #"{"k":[]}"#)
        #expect(
            try plain(.php, "O:4:\"User\":2:{s:8:\"\0User\0id\";i:1;s:7:\"\0*\0name\";s:1:\"a\";}")
                == #"{"$class":"User","id":1,"name":"a"}"#)
        #expect(try plain(.php, #"C:3:"Foo":3:{abc}"#) == #"{"$class":"Foo","$data":"abc"}"#)
        #expect(try plain(.php, #"E:9:"Suit:Club";"#) == #""Suit:Club""#)
        #expect(try plain(.php, "d:INF;") == #""INF""#)
    }

    @Test func `PHP's session handler needs no lengths, and knows unset variables`() throws {
        #expect(try plain(.phpSession, #"a|i:1;b|s:3:"x|y";!c|"#) == #"{"a":1,"b":"x|y","c":null}"#)
        #expect(try plain(.phpSession, "") == "{}")
    }

    @Test func `PHP's binary session handler has lengths of names, and is taken for no other`() throws {
        #expect(
            try plain(.phpSession, "\u{7}user_idi:42;\u{1}as:5:\"x|i:1\";") == #"{"user_id":42,"a":"x|i:1"}"#)
        let unset = Array("\u{1}ai:1;".utf8) + [0x81] + Array("b\u{1}cN;".utf8)
        #expect(try PayloadEncoding.phpSession.decode(unset).description == #"{"a":1,"b":null,"c":null}"#)
        // A text that would be a variable of the other handler's stays one.
        #expect(
            try plain(.phpSession, "\u{1}as:20:\"|i:1;user|s:5:\"admin\";") == #"{"a":"|i:1;user|s:5:\"admin"}"#)
        // A name of 34 characters begins with a quotation mark; `php` has none of such a length before it.
        let name = String(repeating: "n", count: 34)
        #expect(try plain(.phpSession, "\"\(name)i:1;") == "{\"\(name)\":1}")
        #expect(try plain(.phpSession, "\"n|i:1;") == #"{"\"n":1}"#)
        let layout = try LayoutCatalogue.layout(named: "phpredis", in: .redis)
        for written in ["\u{7}user_idi:42;", "user_id|i:42;", #"a:1:{s:7:"user_id";i:42;}"#] {
            #expect(try layout.payload.decode(Array(written.utf8)) == ["user_id": .number("42")])
        }
    }

    @Test func `PHP's msgpack leaves its marker out`() throws {
        #expect(
            try PayloadEncoding.phpMessagePack.decode(hexadecimal("82 c0 01 a4 63737266 a1 78")).description
                == #"{"csrf":"x"}"#)
        #expect(try PayloadEncoding.phpMessagePack.decode(hexadecimal("83 c0 01 00 07 01 08")).description == "[7,8]")
    }

    @Test func `MessagePack's numbers, texts, bytes and extensions are read`() throws {
        func read(_ text: String) throws -> String {
            try PayloadEncoding.messagePack.decode(hexadecimal(text)).description
        }
        #expect(
            try read("9a 7f ff cc ff cd ffff ce ffffffff cf ffffffffffffffff d0 80 d1 8000 d2 80000000 c0")
                == "[127,-1,255,65535,4294967295,18446744073709551615,-128,-32768,-2147483648,null]")
        #expect(try read("d3 8000000000000000") == "-9223372036854775808")
        #expect(try read("92 ca 3fc00000 cb 7ff8000000000000") == #"[1.5,"nan"]"#)
        #expect(try read("c4 02 ff00") == #"{"$base64":"/wA="}"#)
        #expect(try read("d6 ff 00000000") == #"{"$extension":-1,"$base64":"AAAAAA=="}"#)
        #expect(try read("81 01 a1 61") == #"{"1":"a"}"#)
    }

    @Test func `Ruby's objects, links, floats and large numbers are read`() throws {
        func read(_ text: String) throws -> String {
            try PayloadEncoding.marshal.decode(hexadecimal("0408" + text)).description
        }
        #expect(try read("30") == "null")
        #expect(try read("5b0a 6900 6906 69fa 6901ff 69ff00") == "[0,1,-1,255,-256]")
        #expect(try read("6c2b09 0000000000000001") == "72057594037927936")
        #expect(try read("66 08 312e35") == "1.5")
        #expect(try read("66 08 6e616e") == #""nan""#)
        #expect(try read("6f 3a 08 466f6f 06 3a 07 4061 6907") == #"{"$class":"Foo","@a":2}"#)
        #expect(try read("49 22 06 61 06 3a 06 45 54") == #""a""#)
        #expect(try read("75 3a 09 54696d65 06 ff") == #"{"$class":"Time","$data":{"$base64":"/w=="}}"#)
    }

    @Test func `an array of gob is read by its elements' type, not by its length`() throws {
        let bytes = hexadecimal(
            "0eff81040102ff8200010c0110000019ff83010101095b325d737472696e6701ff8400010c0104000034ff820002"
                + "07757365725f696406737472696e670c070005616c6963650474616773095b325d737472696e67ff8406000201610162")
        #expect(try PayloadEncoding.gob.decode(bytes).description == #"{"user_id":"alice","tags":["a","b"]}"#)
    }

    @Test func `a time of Ruby's has its number after its variables`() throws {
        // {"at" => time, "same" => time}, the time with its zone.
        let value = try PayloadEncoding.marshal.decode(
            hexadecimal(
                "0408 7b07 49 2207 6174 06 3a06 45 54 49 75 3a09 54696d65 0d 20811fc000000000 06 3a09 7a6f6e65"
                    + "49 2208 555443 06 3b00 46 49 2209 73616d65 06 3b00 54 40 08"))
        #expect(
            value["at"]?.description == #"{"$class":"Time","$data":{"$base64":"IIEfwAAAAAA="},"zone":"UTC"}"#)
        #expect(value["same"] == value["at"])
    }

    @Test("Java's values are read, with what they hold", arguments: JavaSamples.all + JavaCollectionSamples.all)
    func java(_ sample: JavaSample) throws {
        #expect(try decoded(.java, sample.text) == sample.value)
    }

    @Test func `Django's values from before 3.1 are read, too`() throws {
        let old = Data("0123abcd:{\"_auth_user_id\":\"7\"}".utf8).base64EncodedString()
        #expect(try plain(.djangoSigned, old) == #"{"_auth_user_id":"7"}"#)
    }

    @Test func `what Django signed may be a pickle`() throws {
        let signed =
            "gAWVJgAAAAAAAAB9lCiMDV9hdXRoX3VzZXJfaWSUjAE3lIwEc2VlbpRLAUsChpR1Lg:1sXyZa:"
            + "n0oL55HeiKjH-zu-pIisub4xR1cTlx65zh32aRshLX0"
        #expect(try plain(.djangoSigned, signed) == #"{"_auth_user_id":"7","seen":[1,2]}"#)
        let old = "MDEyM2FiY2Q6gAWVJgAAAAAAAAB9lCiMDV9hdXRoX3VzZXJfaWSUjAE3lIwEc2VlbpRLAUsChpR1Lg=="
        #expect(try plain(.djangoSigned, old) == #"{"_auth_user_id":"7","seen":[1,2]}"#)
    }

    @Test func `an entry of Rails 7.1 tells its expiry, and can be given another`() throws {
        // A signature, no compression, the expiry, no version, and a marshalled hash.
        let head = hexadecimal("0011 00") + littleEndian(1_800_000_000.5) + hexadecimal("ffffffff")
        let entry = head + hexadecimal("0408 7b 06 49 22 0c 757365725f6964 06 3a 06 45 54 69 0c")
        let layout = try LayoutCatalogue.layout(named: "rails-cache", in: .redis)
        let key = Array(("app:_session_id:2::" + String(repeating: "ab", count: 32)).utf8)
        let record = LayoutRecord.key(KeyRecord(key: key, value: entry, byteCount: entry.count, life: .seconds(60)))
        let now = Timestamp(milliseconds: 1_799_999_000_000)
        let found = try #require(layout.read(record, at: now))
        #expect(found.row.user == "7")
        #expect(found.row.deadlines.idle == now + .seconds(60))
        let wanted = Timestamp(milliseconds: 1_900_000_000_250)
        guard case .expireKey(_, wanted, let replacement?) = try layout.move(record, to: wanted) else {
            Issue.record("the entry's own expiry stays")
            return
        }
        #expect(replacement.new == hexadecimal("0011 00") + littleEndian(1_900_000_000.25) + entry[11...])
    }

    private func littleEndian(_ value: Double) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> UInt64(8 * $0)) }
    }
}
