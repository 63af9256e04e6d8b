internal import Screen

extension Rect {
    /// Its rows from one on.
    func dropFirst(_ rows: Int = 1) -> Rect { split(rows: rows).1 }

    /// Its first rows.
    func prefix(_ rows: Int) -> Rect { split(rows: rows).0 }

    /// Its last row.
    var lastRow: Rect { row(rows - 1) }

    /// Its first columns.
    func prefixColumns(_ columns: Int) -> Rect { split(columns: columns).0 }

    /// Its columns from one on.
    func dropLeft(_ columns: Int) -> Rect { split(columns: columns).1 }

    /// Rectangles beside each other that share its width evenly; the first are wider by what is left over.
    func sideBySide(_ count: Int, gap: Int = 0) -> [Rect] {
        guard count > 0 else { return [] }
        let room = max(0, columns - gap * (count - 1))
        var rest = self
        return (0..<count).map { index in
            let (first, remaining) = rest.split(columns: room / count + (index < room % count ? 1 : 0))
            rest = remaining.dropLeft(gap)
            return first
        }
    }
}
