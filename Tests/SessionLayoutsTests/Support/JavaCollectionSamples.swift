/// Java's own collections, as OpenJDK 17 has serialized them.
enum JavaCollectionSamples {
    static let all = [
        JavaSample(
            name: "HashMap",
            text: """
                rO0ABXNyABFqYXZhLnV0aWwuSGFzaE1hcAUH2sHDFmDRAwACRgAKbG9hZEZhY3RvckkACXRocmVzaG9sZHhwP0AAAA\
                AAAAx3CAAAABAAAAABdAABa3NyAA5qYXZhLmxhbmcuTG9uZzuL5JDMjyPfAgABSgAFdmFsdWV4cgAQamF2YS5sYW5n\
                Lk51bWJlcoaslR0LlOCLAgAAeHAAAAAAAAAABXg=
                """,
            value: #"{"k":5}"#),
        JavaSample(
            name: "TreeMap",
            text: """
                rO0ABXNyABFqYXZhLnV0aWwuVHJlZU1hcAzB9j4tJWrmAwABTAAKY29tcGFyYXRvcnQAFkxqYXZhL3V0aWwvQ29tcG\
                FyYXRvcjt4cHB3BAAAAAJ0AAFhc3IAEWphdmEubGFuZy5JbnRlZ2VyEuKgpPeBhzgCAAFJAAV2YWx1ZXhyABBqYXZh\
                LmxhbmcuTnVtYmVyhqyVHQuU4IsCAAB4cAAAAAF0AAFidAABeHg=
                """,
            value: #"{"a":1,"b":"x"}"#),
        JavaSample(
            name: "Hashtable",
            text: """
                rO0ABXNyABNqYXZhLnV0aWwuSGFzaHRhYmxlE7sPJSFK5LgDAAJGAApsb2FkRmFjdG9ySQAJdGhyZXNob2xkeHA/QA\
                AAAAAACHcIAAAACwAAAAF0AAFrc3IAEWphdmEubGFuZy5Cb29sZWFuzSBygNWc+u4CAAFaAAV2YWx1ZXhwAXg=
                """,
            value: #"{"k":true}"#),
        JavaSample(
            name: "ConcurrentHashMap",
            text: """
                rO0ABXNyACZqYXZhLnV0aWwuY29uY3VycmVudC5Db25jdXJyZW50SGFzaE1hcGSZ3hKdhyk9AwADSQALc2VnbWVudE\
                1hc2tJAAxzZWdtZW50U2hpZnRbAAhzZWdtZW50c3QAMVtMamF2YS91dGlsL2NvbmN1cnJlbnQvQ29uY3VycmVudEhh\
                c2hNYXAkU2VnbWVudDt4cAAAAA8AAAAcdXIAMVtMamF2YS51dGlsLmNvbmN1cnJlbnQuQ29uY3VycmVudEhhc2hNYX\
                AkU2VnbWVudDtSdz9BMps5dAIAAHhwAAAAEHNyAC5qYXZhLnV0aWwuY29uY3VycmVudC5Db25jdXJyZW50SGFzaE1h\
                cCRTZWdtZW50HzZMkFiTKT0CAAFGAApsb2FkRmFjdG9yeHIAKGphdmEudXRpbC5jb25jdXJyZW50LmxvY2tzLlJlZW\
                50cmFudExvY2tmVagsLMhq6wIAAUwABHN5bmN0AC9MamF2YS91dGlsL2NvbmN1cnJlbnQvbG9ja3MvUmVlbnRyYW50\
                TG9jayRTeW5jO3hwc3IANGphdmEudXRpbC5jb25jdXJyZW50LmxvY2tzLlJlZW50cmFudExvY2skTm9uZmFpclN5bm\
                NliDLnU3u/CwIAAHhyAC1qYXZhLnV0aWwuY29uY3VycmVudC5sb2Nrcy5SZWVudHJhbnRMb2NrJFN5bmO4HqKUqkRa\
                fAIAAHhyADVqYXZhLnV0aWwuY29uY3VycmVudC5sb2Nrcy5BYnN0cmFjdFF1ZXVlZFN5bmNocm9uaXplcmZVqEN1P1\
                LjAgABSQAFc3RhdGV4cgA2amF2YS51dGlsLmNvbmN1cnJlbnQubG9ja3MuQWJzdHJhY3RPd25hYmxlU3luY2hyb25p\
                emVyM9+vua1tb6kCAAB4cAAAAAA/QAAAc3EAfgAFc3EAfgAJAAAAAD9AAABzcQB+AAVzcQB+AAkAAAAAP0AAAHNxAH\
                4ABXNxAH4ACQAAAAA/QAAAc3EAfgAFc3EAfgAJAAAAAD9AAABzcQB+AAVzcQB+AAkAAAAAP0AAAHNxAH4ABXNxAH4A\
                CQAAAAA/QAAAc3EAfgAFc3EAfgAJAAAAAD9AAABzcQB+AAVzcQB+AAkAAAAAP0AAAHNxAH4ABXNxAH4ACQAAAAA/QA\
                AAc3EAfgAFc3EAfgAJAAAAAD9AAABzcQB+AAVzcQB+AAkAAAAAP0AAAHNxAH4ABXNxAH4ACQAAAAA/QAAAc3EAfgAF\
                c3EAfgAJAAAAAD9AAABzcQB+AAVzcQB+AAkAAAAAP0AAAHNxAH4ABXNxAH4ACQAAAAA/QAAAdAABa3NyABFqYXZhLm\
                xhbmcuSW50ZWdlchLioKT3gYc4AgABSQAFdmFsdWV4cgAQamF2YS5sYW5nLk51bWJlcoaslR0LlOCLAgAAeHAAAAAH\
                cHB4
                """,
            value: #"{"k":7}"#),
        JavaSample(
            name: "IntegerKeys",
            text: """
                rO0ABXNyABdqYXZhLnV0aWwuTGlua2VkSGFzaE1hcDTATlwQbMD7AgABWgALYWNjZXNzT3JkZXJ4cgARamF2YS51dG\
                lsLkhhc2hNYXAFB9rBwxZg0QMAAkYACmxvYWRGYWN0b3JJAAl0aHJlc2hvbGR4cD9AAAAAAAAMdwgAAAAQAAAAAnNy\
                ABFqYXZhLmxhbmcuSW50ZWdlchLioKT3gYc4AgABSQAFdmFsdWV4cgAQamF2YS5sYW5nLk51bWJlcoaslR0LlOCLAg\
                AAeHAAAAABdAADb25lc3EAfgADAAAAAnQAA3R3b3gA
                """,
            value: #"{"1":"one","2":"two"}"#),
        JavaSample(
            name: "HashSet",
            text: """
                rO0ABXNyABFqYXZhLnV0aWwuSGFzaFNldLpEhZWWuLc0AwAAeHB3DAAAABA/QAAAAAAAAXQAAXh4
                """,
            value: #"["x"]"#),
        JavaSample(
            name: "LinkedHashSet",
            text: """
                rO0ABXNyABdqYXZhLnV0aWwuTGlua2VkSGFzaFNldNhs11qV3SoeAgAAeHIAEWphdmEudXRpbC5IYXNoU2V0ukSFlZ\
                a4tzQDAAB4cHcMAAAAED9AAAAAAAACdAABeHQAAXl4
                """,
            value: #"["x","y"]"#),
        JavaSample(
            name: "TreeSet",
            text: """
                rO0ABXNyABFqYXZhLnV0aWwuVHJlZVNldN2YUJOV7YdbAwAAeHBwdwQAAAACdAABeHQAAXl4
                """,
            value: #"["x","y"]"#),
        JavaSample(
            name: "LinkedList",
            text: """
                rO0ABXNyABRqYXZhLnV0aWwuTGlua2VkTGlzdAwpU11KYIgiAwAAeHB3BAAAAAJ0AAF4dAABeXg=
                """,
            value: #"["x","y"]"#),
        JavaSample(
            name: "ArrayDeque",
            text: """
                rO0ABXNyABRqYXZhLnV0aWwuQXJyYXlEZXF1ZSB82i4kDaCLAwAAeHB3BAAAAAJ0AAF4dAABeXg=
                """,
            value: #"["x","y"]"#),
        JavaSample(
            name: "Arrays.asList",
            text: """
                rO0ABXNyABpqYXZhLnV0aWwuQXJyYXlzJEFycmF5TGlzdNmkPL7NiAbSAgABWwABYXQAE1tMamF2YS9sYW5nL09iam\
                VjdDt4cHVyABNbTGphdmEubGFuZy5TdHJpbmc7rdJW5+kde0cCAAB4cAAAAAJ0AAF4dAABeQ==
                """,
            value: #"["x","y"]"#),
        JavaSample(
            name: "List.of",
            text: """
                rO0ABXNyABFqYXZhLnV0aWwuQ29sbFNlcleOq7Y6G6gRAwABSQADdGFneHAAAAABdwQAAAACdAABeHQAAXl4
                """,
            value: #"["x","y"]"#),
        JavaSample(
            name: "Map.of",
            text: """
                rO0ABXNyABFqYXZhLnV0aWwuQ29sbFNlcleOq7Y6G6gRAwABSQADdGFneHAAAAADdwQAAAACdAABa3QAAXZ4
                """,
            value: #"{"k":"v"}"#),
        JavaSample(
            name: "unmodifiableMap",
            text: """
                rO0ABXNyACVqYXZhLnV0aWwuQ29sbGVjdGlvbnMkVW5tb2RpZmlhYmxlTWFw8aWo/nT1B0ICAAFMAAFtdAAPTGphdm\
                EvdXRpbC9NYXA7eHBzcgAXamF2YS51dGlsLkxpbmtlZEhhc2hNYXA0wE5cEGzA+wIAAVoAC2FjY2Vzc09yZGVyeHIA\
                EWphdmEudXRpbC5IYXNoTWFwBQfawcMWYNEDAAJGAApsb2FkRmFjdG9ySQAJdGhyZXNob2xkeHA/QAAAAAAADHcIAA\
                AAEAAAAAF0AAFrdAABdngA
                """,
            value: #"{"k":"v"}"#),
        JavaSample(
            name: "unmodifiableList",
            text: """
                rO0ABXNyACZqYXZhLnV0aWwuQ29sbGVjdGlvbnMkVW5tb2RpZmlhYmxlTGlzdPwPJTG17I4QAgABTAAEbGlzdHQAEE\
                xqYXZhL3V0aWwvTGlzdDt4cgAsamF2YS51dGlsLkNvbGxlY3Rpb25zJFVubW9kaWZpYWJsZUNvbGxlY3Rpb24ZQgCA\
                y173HgIAAUwAAWN0ABZMamF2YS91dGlsL0NvbGxlY3Rpb247eHBzcgATamF2YS51dGlsLkFycmF5TGlzdHiB0h2Zx2\
                GdAwABSQAEc2l6ZXhwAAAAAXcEAAAAAXQAAXh4cQB+AAY=
                """,
            value: #"["x"]"#),
        JavaSample(
            name: "unmodifiableSet",
            text: """
                rO0ABXNyACVqYXZhLnV0aWwuQ29sbGVjdGlvbnMkVW5tb2RpZmlhYmxlU2V0gB2S0Y+bgFUCAAB4cgAsamF2YS51dG\
                lsLkNvbGxlY3Rpb25zJFVubW9kaWZpYWJsZUNvbGxlY3Rpb24ZQgCAy173HgIAAUwAAWN0ABZMamF2YS91dGlsL0Nv\
                bGxlY3Rpb247eHBzcgAXamF2YS51dGlsLkxpbmtlZEhhc2hTZXTYbNdald0qHgIAAHhyABFqYXZhLnV0aWwuSGFzaF\
                NldLpEhZWWuLc0AwAAeHB3DAAAABA/QAAAAAAAAXQAAXh4
                """,
            value: #"["x"]"#),
        JavaSample(
            name: "synchronizedList",
            text: """
                rO0ABXNyACZqYXZhLnV0aWwuQ29sbGVjdGlvbnMkU3luY2hyb25pemVkTGlzdJRj7+ODRBB8AgABTAAEbGlzdHQAEE\
                xqYXZhL3V0aWwvTGlzdDt4cgAsamF2YS51dGlsLkNvbGxlY3Rpb25zJFN5bmNocm9uaXplZENvbGxlY3Rpb24qYfhN\
                CZyZtQMAAkwAAWN0ABZMamF2YS91dGlsL0NvbGxlY3Rpb247TAAFbXV0ZXh0ABJMamF2YS9sYW5nL09iamVjdDt4cH\
                NyABNqYXZhLnV0aWwuQXJyYXlMaXN0eIHSHZnHYZ0DAAFJAARzaXpleHAAAAABdwQAAAABdAABeHhxAH4ABXhxAH4A\
                Bw==
                """,
            value: #"["x"]"#),
        JavaSample(
            name: "emptyList",
            text: """
                rO0ABXNyAB9qYXZhLnV0aWwuQ29sbGVjdGlvbnMkRW1wdHlMaXN0ergXtDynnt4CAAB4cA==
                """,
            value: #"[]"#),
        JavaSample(
            name: "emptyMap",
            text: """
                rO0ABXNyAB5qYXZhLnV0aWwuQ29sbGVjdGlvbnMkRW1wdHlNYXBZNhSFWtzn0AIAAHhw
                """,
            value: #"{}"#),
        JavaSample(
            name: "singletonList",
            text: """
                rO0ABXNyACNqYXZhLnV0aWwuQ29sbGVjdGlvbnMkU2luZ2xldG9uTGlzdCrvKRA8p5uXAgABTAAHZWxlbWVudHQAEk\
                xqYXZhL2xhbmcvT2JqZWN0O3hwdAABeA==
                """,
            value: #"["x"]"#),
        JavaSample(
            name: "singletonMap",
            text: """
                rO0ABXNyACJqYXZhLnV0aWwuQ29sbGVjdGlvbnMkU2luZ2xldG9uTWFwnyMJkXF/a5ECAAJMAAFrdAASTGphdmEvbG\
                FuZy9PYmplY3Q7TAABdnEAfgABeHB0AAFrdAABdg==
                """,
            value: #"{"k":"v"}"#),
        JavaSample(
            name: "CopyOnWriteArrayList",
            text: """
                rO0ABXNyAClqYXZhLnV0aWwuY29uY3VycmVudC5Db3B5T25Xcml0ZUFycmF5TGlzdHhdn9VGq5DDAwAAeHB3BAAAAA\
                F0AAF4eA==
                """,
            value: #"["x"]"#),
        JavaSample(
            name: "Date",
            text: """
                rO0ABXNyAA5qYXZhLnV0aWwuRGF0ZWhqgQFLWXQZAwAAeHB3CAAAAUb6YQIAeA==
                """,
            value: #""2014-07-03T04:00:00.000Z""#),
        JavaSample(
            name: "ListInItself",
            text: """
                rO0ABXNyABNqYXZhLnV0aWwuQXJyYXlMaXN0eIHSHZnHYZ0DAAFJAARzaXpleHAAAAABdwQAAAABcQB+AAF4
                """,
            value: #"[{"$cycle":true}]"#),
    ]
}
