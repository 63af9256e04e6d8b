import SessionLayouts

extension LayoutRecord {
    /// The payload's bytes.
    func payload(of layout: Layout) -> [UInt8]? {
        switch (self, layout.place) {
        case (.key(let record), _): record.value
        case (.row(let record), .table(let place)): record[place.payload].bytes
        case (.row, .keys): nil
        }
    }
}
