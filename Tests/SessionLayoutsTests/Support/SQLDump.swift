import Foundation
import SessionLayouts
import Sessions

/// The rows of a dump by `pg_dump --inserts`.
struct SQLDump {
    private let text: String

    init(_ data: Data) { text = String(decoding: data, as: UTF8.self) }

    /// The rows of a layout's table, their columns named as CREATE TABLE has them.
    func records(of layout: Layout) throws -> [LayoutRecord] {
        guard case .table(let place) = layout.place else { throw Broken() }
        let schema = place.schema ?? "public"
        let parts = try place.parts.map { try self.parts($0, in: schema) } ?? [:]
        return try table("\(schema).\(place.table)").map { columns in
            guard let key = columns[place.key]?.bytes else { throw Broken() }
            return .row(RowRecord(of: place, key: key, columns: columns, parts: parts[key] ?? []))
        }
    }

    /// The parts of payloads by the keys of their rows.
    private func parts(_ parts: TablePlace.Parts, in schema: String) throws -> [[UInt8]: [PayloadPart]] {
        let all = try table("\(schema).\(parts.table)").map { columns in
            guard let owner = columns[parts.owner]?.bytes, let name = columns[parts.name]?.bytes else { throw Broken() }
            return (owner: owner, part: PayloadPart(name: name, value: columns[parts.value]?.bytes))
        }
        return Dictionary(grouping: all) { $0.owner }.mapValues { $0.map(\.part) }
    }

    private func table(_ name: String) throws -> [[String: ColumnValue]] {
        let names = try columns(of: name)
        return try rows(of: name).map { Dictionary(uniqueKeysWithValues: zip(names, $0)) }
    }

    private func columns(of table: String) throws -> [String] {
        guard let start = text.range(of: "CREATE TABLE \(table) (\n"),
            let end = text.range(of: "\n);", range: start.upperBound..<text.endIndex)
        else { throw Broken() }
        return text[start.upperBound..<end.lowerBound].split(separator: "\n").compactMap {
            $0.split(separator: " ").first.map(String.init)
        }
    }

    private func rows(of table: String) throws -> [[ColumnValue]] {
        text.ranges(of: "INSERT INTO \(table) VALUES (").map { range in
            var rest = text[range.upperBound...]
            var values: [ColumnValue] = []
            repeat { values.append(Self.value(&rest)) } while rest.popFirst() == ","
            return values
        }
    }

    private static func value(_ rest: inout Substring) -> ColumnValue {
        rest = rest.drop { $0 == " " }
        guard rest.first == "'" else {
            let word = rest.prefix { $0 != "," && $0 != ")" }
            rest = rest.dropFirst(word.count)
            return word == "NULL" ? .null : Int64(word).map { .integer($0) } ?? .text(Array(word.utf8))
        }
        var content = ""
        rest.removeFirst()
        while let end = rest.firstIndex(of: "'") {
            content += rest[..<end]
            rest = rest[end...].dropFirst()
            guard rest.first == "'" else { break }
            content += "'"
            rest.removeFirst()
        }
        return content.hasPrefix("\\x") ? .blob(hexadecimal(content.dropFirst(2))) : .text(Array(content.utf8))
    }
}

/// The bytes of a text in hexadecimal; spaces are passed over.
func hexadecimal(_ text: some StringProtocol) -> [UInt8] {
    let digits = text.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
