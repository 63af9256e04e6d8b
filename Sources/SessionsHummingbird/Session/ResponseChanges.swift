internal import HTTPTypes
internal import Sessions

/// What a request has to tell its client besides the response itself.
struct ResponseChanges: Sendable {
    enum Cookie: Sendable {
        case kept
        case removed
        case issued(SessionID, Deadlines)
    }

    /// What becomes of the session's cookie.
    var cookie = Cookie.kept
    /// Whether what the client has stored of us goes: at sign-out.
    var clearsSite = false
    /// The session whose affinity cookie is written.
    var affinity: IDHash?
    /// A new key of a visitor who has no session, for the proofs of forms.
    var visitorKey: SessionID?

    /// Whether there is nothing to tell.
    var isEmpty: Bool {
        if case .kept = cookie { !clearsSite && affinity == nil && visitorKey == nil } else { false }
    }

    /// Whether a cookie is issued, which must not go with the others that are cleared.
    private var issuesCookie: Bool {
        if case .issued = cookie { true } else { visitorKey != nil }
    }

    /// The fields for the response; with them goes `Cache-Control: no-store`.
    func fields(_ settings: SessionSettings, at now: Timestamp) -> [HTTPField] {
        var fields: [HTTPField] = []
        switch cookie {
        case .kept: break
        case .removed:
            fields.append(settings.cookie.form.removal)
            if let affinity = settings.affinity { fields.append(affinity.form.removal) }
        case .issued(let id, let deadlines): fields.append(settings.cookie.field(id, until: deadlines, at: now))
        }
        if let affinity { fields += settings.affinity.map { [$0.field(for: affinity)] } ?? [] }
        if let visitorKey { fields.append(CSRFToken.cookie.field(visitorKey.secretText)) }
        let cleared = issuesCookie ? settings.clearSiteData.subtracting(.cookies) : settings.clearSiteData
        if clearsSite, !cleared.isEmpty { fields.append(HTTPField(name: .clearSiteData, value: cleared.value)) }
        return fields
    }
}

extension HTTPField.Name {
    /// `Clear-Site-Data`, of W3C's recommendation.
    static let clearSiteData = HTTPField.Name("Clear-Site-Data") ?? .cacheControl
    /// `X-CSRF-Token`.
    static let csrfToken = HTTPField.Name("X-CSRF-Token") ?? .cacheControl
    /// `X-Forwarded-For`.
    static let forwardedFor = HTTPField.Name("X-Forwarded-For") ?? .cacheControl
}

extension HTTPFields {
    /// Adds what a request has to tell its client.
    mutating func add(_ fields: [HTTPField]) {
        guard !fields.isEmpty else { return }
        for field in fields { append(field) }
        self[.cacheControl] = "no-store"
    }
}
