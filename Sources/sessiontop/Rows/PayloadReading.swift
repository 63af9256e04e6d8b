import SessionTokens
import Sessions

/// A payload as far as it can be read here.
struct PayloadReading: Sendable {
    /// The decoded state; `null` where it can't be read, or there is none.
    private(set) var data = JSONValue.null
    /// Why it can't be read; `nil` where it can.
    private(set) var note: String?
    /// What it says where it is a refresh family's; else `nil`.
    private(set) var family: RefreshFamilyReport?

    /// Opens and decodes a session's payload.
    ///
    /// - Parameters:
    ///   - detail: the session, as its store holds it.
    ///   - keys: the keys that payloads are sealed with; `nil`: there are none here.
    init(_ detail: SessionDetail, keys: KeyRing?) {
        if let decoded = detail.decoded {
            data = decoded.data ?? .null
            note = decoded.note
            return
        }
        guard let payload = detail.payload else {
            if (detail.row.byteCount ?? 0) > 0 { note = "The payload is not shown: this user may not read it." }
            return
        }
        guard !payload.bytes.isEmpty else { return }
        guard let plain = open(payload, of: detail, keys: keys) else { return }
        if let data = JSONValue(parsing: plain) {
            self.data = data
            family = RefreshFamilyReport(payload: plain)
        } else {
            note = "The payload is no JSON: \(plain.count) bytes are not shown."
        }
    }

    private mutating func open(_ payload: Payload, of detail: SessionDetail, keys: KeyRing?) -> [UInt8]? {
        guard payload.keyID != nil else { return payload.bytes }
        guard let keys else {
            note = "The payload is sealed: name a file with its key in SESSIONTOP_KEYS to see it."
            return nil
        }
        do {
            let sealer = PayloadSealer(keys: keys, namespace: detail.namespace)
            return try sealer.open(payload, id: detail.row.id, version: detail.version ?? 0)
        } catch {
            note = "The payload is not shown: \(error)."
            return nil
        }
    }

    /// The keys at hand: in the file that `SESSIONTOP_KEYS` names, or where a demo keeps them.
    ///
    /// - Throws: ``SessionsError`` with `invalidKey` or `usage` where a file was named, or is there, and can't be used.
    static func keys(for url: StoreURL, _ variable: (String) -> String?) throws -> KeyRing? {
        if let path = variable("SESSIONTOP_KEYS"), !path.isEmpty {
            do { return try KeyRing(file: path) } catch let error as SessionsError where error.code == .storeNotFound {
                throw SessionsError(.usage, "the file that SESSIONTOP_KEYS names isn't there: name one that is")
            }
        }
        guard let path = KeyFile.path(for: url, variable) else { return nil }
        do { return try KeyRing(file: path) } catch let error as SessionsError
            where error.code == .storeNotFound
        { return nil }
    }
}

extension JSONValue {
    /// Every value that holds no others, with the path to it: `data.cart[0].name`.
    var leaves: [(name: String, value: String)] { leaves(at: "") }

    private func leaves(at path: String) -> [(name: String, value: String)] {
        switch self {
        case .object(let members) where !members.isEmpty:
            members.flatMap { $0.value.leaves(at: path.isEmpty ? $0.name : "\(path).\($0.name)") }
        case .array(let elements) where !elements.isEmpty:
            elements.enumerated().flatMap { $0.element.leaves(at: "\(path)[\($0.offset)]") }
        case .null: [(path, "–")]
        default: [(path, plainText)]
        }
    }
}
