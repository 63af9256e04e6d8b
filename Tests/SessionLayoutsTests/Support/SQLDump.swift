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
        let names = try columns(of: place.table)
        return try rows(of: place.table).map { values in
            let columns = Dictionary(uniqueKeysWithValues: zip(names, values))
            guard let key = columns[place.key]?.bytes else { throw Broken() }
            let size = columns[place.payload]?.bytes?.count ?? 0
            return .row(RowRecord(key: key, byteCount: size, columns: columns))
        }
    }

    private func columns(of table: String) throws -> [String] {
        guard let start = text.range(of: "CREATE TABLE public.\(table) (\n"),
            let end = text.range(of: "\n);", range: start.upperBound..<text.endIndex)
        else { throw Broken() }
        return text[start.upperBound..<end.lowerBound].split(separator: "\n").compactMap {
            $0.split(separator: " ").first.map(String.init)
        }
    }

    private func rows(of table: String) throws -> [[ColumnValue]] {
        text.ranges(of: "INSERT INTO public.\(table) VALUES (").map { range in
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
