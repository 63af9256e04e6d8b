/// The user agents of the demo's clients: the usual browsers in their current versions, some apps, a few oddities.
enum UserAgents {
    /// The agent of a new device.
    static func draw(using generator: inout some RandomNumberGenerator) -> String {
        versions[table.draw(using: &generator)].randomElement(using: &generator) ?? ""
    }

    /// What a stolen account is used with.
    static func drawForThief(using generator: inout some RandomNumberGenerator) -> String {
        ["python-requests/2.32.3", "curl/8.9.1", "Go-http-client/2.0"].randomElement(using: &generator) ?? ""
    }

    private static let table = AliasTable(weights: forms.map(\.weight))
    /// Every agent of each form, written out once: sessions are made by the hundred thousand.
    private static let versions = forms.map { expanded(expanded([$0.form], "{version}", 128...141), "{patch}", 0...6) }

    private static func expanded(_ forms: [String], _ blank: String, _ numbers: ClosedRange<Int>) -> [String] {
        forms.flatMap { form in
            form.contains(blank) ? numbers.map { form.replacing(blank, with: String($0)) } : [form]
        }
    }

    private static let webKit = "AppleWebKit/537.36 (KHTML, like Gecko)"
    private static let forms: [(weight: Double, form: String)] = [
        (26, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) \(webKit) Chrome/{version}.0.0.0 Safari/537.36"),
        (12, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) \(webKit) Chrome/{version}.0.0.0 Safari/537.36"),
        (6, "Mozilla/5.0 (X11; Linux x86_64) \(webKit) Chrome/{version}.0.0.0 Safari/537.36"),
        (18, "Mozilla/5.0 (Linux; Android 10; K) \(webKit) Chrome/{version}.0.0.0 Mobile Safari/537.36"),
        (
            14,
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_{patch} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                + "Version/18.{patch} Mobile/15E148 Safari/604.1"
        ),
        (
            7,
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                + "Version/18.{patch} Safari/605.1.15"
        ),
        (5, "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:{version}.0) Gecko/20100101 Firefox/{version}.0"),
        (4, "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:{version}.0) Gecko/20100101 Firefox/{version}.0"),
        (
            4,
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) \(webKit) Chrome/{version}.0.0.0 Safari/537.36 "
                + "Edg/{version}.0.0.0"
        ),
        (2, "ShopApp/5.{patch} (iPad; iOS 18.{patch}; Scale/2.00)"),
        (2, "ShopApp/5.{patch} (Android 15; Pixel 9; Scale/2.63)"),
    ]
}
