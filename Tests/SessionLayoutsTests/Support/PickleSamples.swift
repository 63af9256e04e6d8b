import Foundation
import Testing

/// A dictionary that Python 3.12 has pickled.
struct PickleSample: Sendable, CustomTestStringConvertible {
    /// The protocol.
    let number: Int
    let text: String

    var testDescription: String { "protocol \(number)" }
    var bytes: [UInt8]? { Data(base64Encoded: text).map(Array.init) }
}

/// What `pickle.dumps` gave.
enum PickleSamples {
    static let byProtocol = [
        PickleSample(
            number: 0,
            text: """
                KGRwMApWYQpwMQoobHAyCkkxCmFJLTIKYUkzMDAKYUk3MDAwMAphTDEwOTk1MTE2Mjc3NzZMCmFMLTExODA1OTE2Mj\
                A3MTc0MTEzMDM0MjRMCmFGMS41CmFJMDEKYU5hVvxcVTAwMDFmOThhCnAzCmFWbGluZVx1MDAwYSciXHUwMDVjCnA0\
                CmFzVnQKcDUKKEkxCnRwNgpzVmIKcDcKY19jb2RlY3MKZW5jb2RlCnA4CihW/1x1MDAwMApwOQpWbGF0aW4xCnAxMA\
                p0cDExClJwMTIKc1ZzCnAxMwpjX19idWlsdGluX18Kc2V0CnAxNAooKGxwMTUKSTEKYXRwMTYKUnAxNwpzVmQKcDE4\
                CihkcDE5ClZ4CnAyMAooZHAyMQpzcy4=
                """),
        PickleSample(
            number: 1,
            text: """
                fXEAKFgBAAAAYXEBXXECKEsBSv7///9NLAFKcBEBAEwxMDk5NTExNjI3Nzc2TApMLTExODA1OTE2MjA3MTc0MTEzMD\
                M0MjRMCkc/+AAAAAAAAEkwMQpOWAYAAADDvPCfpopxA1gIAAAAbGluZQonIlxxBGVYAQAAAHRxBShLAXRxBlgBAAAA\
                YnEHY19jb2RlY3MKZW5jb2RlCnEIKFgDAAAAw78AcQlYBgAAAGxhdGluMXEKdHELUnEMWAEAAABzcQ1jX19idWlsdG\
                luX18Kc2V0CnEOKF1xD0sBYXRxEFJxEVgBAAAAZHESfXETWAEAAAB4cRR9cRVzdS4=
                """),
        PickleSample(
            number: 2,
            text: """
                gAJ9cQAoWAEAAABhcQFdcQIoSwFK/v///00sAUpwEQEAigYAAAAAAAGKCQAAAAAAAAAAwEc/+AAAAAAAAIhOWAYAAA\
                DDvPCfpopxA1gIAAAAbGluZQonIlxxBGVYAQAAAHRxBUsBhXEGWAEAAABicQdjX2NvZGVjcwplbmNvZGUKcQhYAwAA\
                AMO/AHEJWAYAAABsYXRpbjFxCoZxC1JxDFgBAAAAc3ENY19fYnVpbHRpbl9fCnNldApxDl1xD0sBYYVxEFJxEVgBAA\
                AAZHESfXETWAEAAAB4cRR9cRVzdS4=
                """),
        PickleSample(
            number: 3,
            text: """
                gAN9cQAoWAEAAABhcQFdcQIoSwFK/v///00sAUpwEQEAigYAAAAAAAGKCQAAAAAAAAAAwEc/+AAAAAAAAIhOWAYAAA\
                DDvPCfpopxA1gIAAAAbGluZQonIlxxBGVYAQAAAHRxBUsBhXEGWAEAAABicQdDAv8AcQhYAQAAAHNxCWNidWlsdGlu\
                cwpzZXQKcQpdcQtLAWGFcQxScQ1YAQAAAGRxDn1xD1gBAAAAeHEQfXERc3Uu
                """),
        PickleSample(
            number: 4,
            text: """
                gASVdgAAAAAAAAB9lCiMAWGUXZQoSwFK/v///00sAUpwEQEAigYAAAAAAAGKCQAAAAAAAAAAwEc/+AAAAAAAAIhOjA\
                bDvPCfpoqUjAhsaW5lCiciXJRljAF0lEsBhZSMAWKUQwL/AJSMAXOUj5QoSwGQjAFklH2UjAF4lH2Uc3Uu
                """),
        PickleSample(
            number: 5,
            text: """
                gAWVdgAAAAAAAAB9lCiMAWGUXZQoSwFK/v///00sAUpwEQEAigYAAAAAAAGKCQAAAAAAAAAAwEc/+AAAAAAAAIhOjA\
                bDvPCfpoqUjAhsaW5lCiciXJRljAF0lEsBhZSMAWKUQwL/AJSMAXOUj5QoSwGQjAFklH2UjAF4lH2Uc3Uu
                """),
    ]
    /// One list in two members.
    static let shared = """
        gASVGgAAAAAAAAB9lCiMA29uZZRdlIwBeJRhjAN0d2+UaAJ1Lg==
        """
    /// A list that holds itself.
    static let cycle = """
        gASVBgAAAAAAAABdlGgAYS4=
        """
    /// A datetime and a Decimal.
    static let objects = """
        gASVVwAAAAAAAAB9lCiMAmF0lIwIZGF0ZXRpbWWUjAhkYXRldGltZZSTlEMKB+oBAgMEBQAAAJSFlFKUjAFwlIwHZG\
        VjaW1hbJSMB0RlY2ltYWyUk5SMAzEuNZSFlFKUdS4=
        """
    /// A deque of at most five, and an object of a list's subclass with an attribute.
    static let lists = """
        gASVXAAAAAAAAAB9lCiMAXGUjAtjb2xsZWN0aW9uc5SMBWRlcXVllJOUKUsFhpRSlChLAUsCZYwDcm93lIwDYXBwlIwDUm93lJ\
        OUKYGUKEsBjAF4lGV9lIwEbm90ZZSMAW6Uc2J1Lg==
        """
    /// Thirty lists, each with the one before it ten times.
    static let laughs = """
        gASVngIAAAAAAABdlChdlChdlChdlChdlChdlChdlChdlChdlChdlChdlChdlChdlChdlChdlChdlChdlChdlChdlC\
        hdlChdlChdlChdlChdlChdlChdlChdlChdlChdlChdlChdlIwDbG9slGFoHmgeaB5oHmgeaB5oHmgeaB5laB1oHWgd\
        aB1oHWgdaB1oHWgdZWgcaBxoHGgcaBxoHGgcaBxoHGVoG2gbaBtoG2gbaBtoG2gbaBtlaBpoGmgaaBpoGmgaaBpoGm\
        gaZWgZaBloGWgZaBloGWgZaBloGWVoGGgYaBhoGGgYaBhoGGgYaBhlaBdoF2gXaBdoF2gXaBdoF2gXZWgWaBZoFmgW\
        aBZoFmgWaBZoFmVoFWgVaBVoFWgVaBVoFWgVaBVlaBRoFGgUaBRoFGgUaBRoFGgUZWgTaBNoE2gTaBNoE2gTaBNoE2\
        VoEmgSaBJoEmgSaBJoEmgSaBJlaBFoEWgRaBFoEWgRaBFoEWgRZWgQaBBoEGgQaBBoEGgQaBBoEGVoD2gPaA9oD2gP\
        aA9oD2gPaA9laA5oDmgOaA5oDmgOaA5oDmgOZWgNaA1oDWgNaA1oDWgNaA1oDWVoDGgMaAxoDGgMaAxoDGgMaAxlaA\
        toC2gLaAtoC2gLaAtoC2gLZWgKaApoCmgKaApoCmgKaApoCmVoCWgJaAloCWgJaAloCWgJaAllaAhoCGgIaAhoCGgI\
        aAhoCGgIZWgHaAdoB2gHaAdoB2gHaAdoB2VoBmgGaAZoBmgGaAZoBmgGaAZlaAVoBWgFaAVoBWgFaAVoBWgFZWgEaA\
        RoBGgEaARoBGgEaARoBGVoA2gDaANoA2gDaANoA2gDaANlaAJoAmgCaAJoAmgCaAJoAmgCZWgBaAFoAWgBaAFoAWgB\
        aAFoAWUu
        """
}
