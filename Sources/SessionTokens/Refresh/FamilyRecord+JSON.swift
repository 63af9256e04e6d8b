internal import Sessions

/// How a record stands in a payload: JSON, so that an operator's `inspect` shows it, with the hashes masked by their names.
extension FamilyRecord {
    /// The version of this form.
    private static let format = "1"

    var bytes: [UInt8] {
        let json: JSONValue = [
            "refreshFamily": .number(Self.format), "generation": .integer(latest?.generation),
            "currentHash": .string(Base64URL.encode(current.bytes)),
            "ancestors": .array(ancestors.map(Self.json)),
            "children": .array(children.map(Self.json)), "given": .array(branches.map(Self.json)),
            "inCirculation": .array(exposure.batches.map(Self.json)), "data": data,
        ]
        var bytes: [UInt8] = []
        json.write(to: &bytes)
        return bytes
    }

    /// Reads a payload; `nil` where it is no family's.
    init?(bytes: [UInt8]) {
        guard let json = JSONValue(parsing: bytes), json["refreshFamily"] == .number(Self.format),
            let current = Self.hash(json["currentHash"]), case .array(let given)? = json["given"],
            case .array(let ancestors)? = json["ancestors"], case .array(let children)? = json["children"]
        else { return nil }
        let branches = given.compactMap(Self.branch)
        guard branches.count == given.count, branches.count <= RefreshPolicy.mostUses else { return nil }
        self.init(
            current: current, branches: branches, ancestors: ancestors.compactMap(Self.id),
            children: children.compactMap(Self.id), exposure: Self.exposure(json["inCirculation"]),
            data: json["data"] ?? .null)
    }

    private static func json(_ id: IDHash) -> JSONValue { .string(id.hexadecimal) }

    private static func id(_ json: JSONValue) -> IDHash? {
        guard case .string(let digits) = json else { return nil }
        return IDHash(hexadecimal: digits)
    }

    private static func hash(_ json: JSONValue?) -> IDHash? {
        guard case .string(let text)? = json else { return nil }
        return Base64URL.decode(text.utf8).flatMap { IDHash(digest: $0) }
    }

    private static func json(_ branch: Branch) -> JSONValue {
        [
            "number": .integer(branch.generation), "mark": .string(Hex.encode(Self.bytes(of: branch.mark))),
            "salt": .string(Base64URL.encode(branch.salt)), "at": .time(branch.use.at), "ip": .text(branch.use.ip),
            "agent": .text(branch.use.agent),
        ]
    }

    private static func branch(_ json: JSONValue) -> Branch? {
        guard case .number(let digits)? = json["number"], let generation = Int(digits), generation > 0,
            case .string(let mark)? = json["mark"], let mark = Hex.decode(mark.utf8), mark.count == 8,
            case .string(let salt)? = json["salt"], let salt = Base64URL.decode(salt.utf8),
            case .string(let at)? = json["at"], let at = Timestamp(rfc3339: at)
        else { return nil }
        func text(_ name: String) -> String? { if case .string(let text)? = json[name] { text } else { nil } }
        return Branch(
            generation: generation, mark: mark.reduce(0) { $0 << 8 | UInt64($1) },
            use: RefreshUse(RequestInfo(ip: text("ip"), agent: text("agent")), at: at), salt: salt)
    }

    private static func json(_ batch: TokenExposure.Batch) -> JSONValue {
        ["expires": .time(batch.expires), "count": .integer(batch.count)]
    }

    /// What isn't understood counts for nothing: a family of before has none, and goes on.
    private static func exposure(_ json: JSONValue?) -> TokenExposure {
        var exposure = TokenExposure()
        guard case .array(let elements)? = json else { return exposure }
        for element in elements.prefix(TokenExposure.mostBatches) {
            guard case .string(let text)? = element["expires"], let expires = Timestamp(rfc3339: text),
                case .number(let digits)? = element["count"], let count = Int32(digits)
            else { continue }
            exposure.add(Int(count), expiring: expires)
        }
        return exposure
    }

    private static func bytes(of mark: UInt64) -> [UInt8] { withUnsafeBytes(of: mark.bigEndian) { Array($0) } }
}
