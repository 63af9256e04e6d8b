/// How much a mistyped word differs from what may have been meant.
package enum EditDistance {
    /// The number of letters to insert, remove or replace (Levenshtein).
    package static func between(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var row = Array(0...b.count)
        for (line, letter) in a.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for column in b.indices {
                let cost = letter == b[column] ? diagonal : 1 + min(diagonal, row[column], row[column + 1])
                diagonal = row[column + 1]
                row[column + 1] = cost
            }
        }
        return row[b.count]
    }
}
