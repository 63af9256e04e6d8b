public import Sessions

/// Where a payload names its user.
public enum UserRule: Sendable, Equatable {
    /// A member, or a member of a member: `passport`, `user`.
    case path([String])
    /// The first member whose name is `login_`, one of Laravel's guards, `_` and the SHA-1 of a class.
    case laravel
    /// The first member whose name begins and ends so: Vapor's `_UserSession`.
    case enclosed(String, String)
    /// Warden's `warden.user.SCOPE.key`: a list with a list with the id.
    case warden

    /// The member of the payload that it looks into; `nil`: it goes by names of a form.
    var member: String? { if case .path(let names) = self { names.first } else { nil } }

    /// The user in a payload; `nil`: it isn't here, or is no plain value.
    public func user(in data: JSONValue) -> String? {
        switch self {
        case .path(let names):
            var value: JSONValue? = data
            for name in names { value = value?[name] }
            return value?.identity
        case .laravel: return data.member(Self.isLaravelsLogin)?.identity
        case .enclosed(let start, let end):
            return data.member { $0.hasPrefix(start) && $0.hasSuffix(end) }?.identity
        case .warden:
            guard case .array(let parts) = data.member({ $0.hasPrefix("warden.user.") && $0.hasSuffix(".key") }),
                case .array(let ids) = parts.first
            else { return nil }
            return ids.first?.identity
        }
    }

    /// An application may well have a `login_time` of its own.
    private static func isLaravelsLogin(_ name: String) -> Bool {
        let hash = name.utf8.suffix(40)
        guard hash.count == 40, hash.allSatisfy(IDShape.Alphabet.hexadecimal.contains) else { return false }
        let lead = name.dropLast(40)
        return lead.hasPrefix("login_") && lead.hasSuffix("_") && lead.utf8.count > "login__".utf8.count
    }
}

extension JSONValue {
    /// The value of the first member with such a name.
    fileprivate func member(_ matches: (String) -> Bool) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { matches($0.name) }?.value
    }

    /// The text of a value that can be an id.
    fileprivate var identity: String? {
        switch self {
        case .string(let text): text.isEmpty ? nil : text
        case .number(let digits): digits
        case .null, .bool, .array, .object: nil
        }
    }
}
