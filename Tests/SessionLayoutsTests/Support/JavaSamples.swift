import Testing

/// A value that OpenJDK 17 has serialized, and how it is told.
struct JavaSample: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    let value: String

    var testDescription: String { name }
}

/// What `ObjectOutputStream` gave.
enum JavaSamples {
    static let all = [
        JavaSample(
            name: "java.lang.String",
            text: """
                rO0ABXQABWFsaWNl
                """,
            value: #"""
                "alice"
                """#),
        JavaSample(
            name: "java.lang.Long",
            text: """
                rO0ABXNyAA5qYXZhLmxhbmcuTG9uZzuL5JDMjyPfAgABSgAFdmFsdWV4cgAQamF2YS5sYW5nLk51bWJlcoaslR0LlO\
                CLAgAAeHAAAAFG+mECAA==
                """,
            value: #"""
                1404360000000
                """#),
        JavaSample(
            name: "java.lang.Integer",
            text: """
                rO0ABXNyABFqYXZhLmxhbmcuSW50ZWdlchLioKT3gYc4AgABSQAFdmFsdWV4cgAQamF2YS5sYW5nLk51bWJlcoaslR\
                0LlOCLAgAAeHAAAAcI
                """,
            value: #"""
                1800
                """#),
        JavaSample(
            name: "X$User",
            text: """
                rO0ABXNyAAZYJFVzZXIAAAAAAAAAAQIACkkAA2FnZUMAAmNoRAABZFoAAm9uTAABY3QACUxYJENvbG9yO1sAAW50AA\
                JbSUwAB25vdGhpbmd0ABJMamF2YS9sYW5nL09iamVjdDtbAANyYXd0AAJbQkwABHNlbGZ0AAhMWCRVc2VyO0wACHVz\
                ZXJuYW1ldAASTGphdmEvbGFuZy9TdHJpbmc7eHAAAAAHAHg/+AAAAAAAAAF+cgAHWCRDb2xvcgAAAAAAAAAAEgAAeH\
                IADmphdmEubGFuZy5FbnVtAAAAAAAAAAASAAB4cHQABEJMVUV1cgACW0lNumAmduqypQIAAHhwAAAAAgAAAAH////+\
                cHVyAAJbQqzzF/gGCFTgAgAAeHAAAAADAQL/cQB+AAd0AAp6b8Or7aC+7baK
                """,
            value: #"""
                {"$class":"X$User","age":7,"ch":"x","d":1.5,"on":true,"c":"BLUE","n":[1,-2],"nothing":null\#
                ,"raw":{"$base64":"AQL/"},"self":{"$cycle":true},"username":"zoë🦊"}
                """#),
        JavaSample(
            name: "X$Token",
            text: """
                rO0ABXNyAAdYJFRva2VuAAAAAAAAAAICAAJMAAFtdAAPTGphdmEvdXRpbC9NYXA7TAAFcm9sZXN0ABBMamF2YS91dG\
                lsL0xpc3Q7eHIABlgkVXNlcgAAAAAAAAABAgAKSQADYWdlQwACY2hEAAFkWgACb25MAAFjdAAJTFgkQ29sb3I7WwAB\
                bnQAAltJTAAHbm90aGluZ3QAEkxqYXZhL2xhbmcvT2JqZWN0O1sAA3Jhd3QAAltCTAAEc2VsZnQACExYJFVzZXI7TA\
                AIdXNlcm5hbWV0ABJMamF2YS9sYW5nL1N0cmluZzt4cAAAAAcAeD/4AAAAAAAAAX5yAAdYJENvbG9yAAAAAAAAAAAS\
                AAB4cgAOamF2YS5sYW5nLkVudW0AAAAAAAAAABIAAHhwdAAEQkxVRXVyAAJbSU26YCZ26rKlAgAAeHAAAAACAAAAAf\
                ////5wdXIAAltCrPMX+AYIVOACAAB4cAAAAAMBAv9xAH4ACnQACnpvw6vtoL7ttopzcgARamF2YS51dGlsLkhhc2hN\
                YXAFB9rBwxZg0QMAAkYACmxvYWRGYWN0b3JJAAl0aHJlc2hvbGR4cD9AAAAAAAABdwgAAAACAAAAAXQAAWtzcgAOam\
                F2YS5sYW5nLkxvbmc7i+SQzI8j3wIAAUoABXZhbHVleHIAEGphdmEubGFuZy5OdW1iZXKGrJUdC5TgiwIAAHhwAAAA\
                AAAAAAV4c3IAE2phdmEudXRpbC5BcnJheUxpc3R4gdIdmcdhnQMAAUkABHNpemV4cAAAAAJ3BAAAAAJ0AAFhdAABYn\
                g=
                """,
            value: #"""
                {"$class":"X$Token","age":7,"ch":"x","d":1.5,"on":true,"c":"BLUE","n":[1,-2],"nothing":nul\#
                l,"raw":{"$base64":"AQL/"},"self":{"$cycle":true},"username":"zoë🦊","m":{"k":5},"roles":["a\#
                ","b"]}
                """#),
        JavaSample(
            name: "[Ljava.lang.String;",
            text: """
                rO0ABXVyABNbTGphdmEubGFuZy5TdHJpbmc7rdJW5+kde0cCAAB4cAAAAAJ0AAF4dAABeQ==
                """,
            value: #"""
                ["x","y"]
                """#),
    ]
}
