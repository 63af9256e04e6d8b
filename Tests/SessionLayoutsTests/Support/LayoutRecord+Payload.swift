import SessionLayouts

extension LayoutRecord {
    /// The payload's bytes.
    func payload(of layout: Layout) -> [UInt8]? {
        switch (self, layout.place) {
        case (.key(let record), _): record.value
        case (.row(let record), .table(let place)): record[place.payloadColumn].bytes ?? longest(record.parts)
        case (.hash(let record), _): longest(record.parts)
        case (.row, _): nil
        }
    }

    /// The longest part that isn't a giant.
    private func longest(_ parts: [PayloadPart]) -> [UInt8]? {
        parts.compactMap(\.value).filter { $0.count < 2000 }.max { $0.count < $1.count }
    }
}
