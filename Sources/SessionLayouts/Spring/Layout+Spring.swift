internal import Sessions

/// Reading Spring's sessions in Redis.
extension Layout {
    /// How much longer than its session a hash of the indexed repository lives, and a bit less: 300 s.
    private static let margin = Duration.seconds(150)

    func read(_ record: HashRecord, _ place: SpringPlace, at now: Timestamp) -> FoundSession? {
        guard let id = SpringPlace.keys.id(of: record.key),
            [SpringPlace.created, SpringPlace.seen, SpringPlace.interval].allSatisfy({ record[$0] != nil })
        else { return nil }
        let times = SpringTimes(record)
        // What has ended stays for five minutes, for those who listen.
        guard times?.interval != 0, isIndexed(record, times, at: now) == place.isIndexed else { return nil }
        var found = FoundSession(key: record.key, id: id)
        found.row.created = times?.created
        found.row.seen = times?.seen
        found.row.deadlines.idle = times?.end
        found.row.byteCount = record.byteCount
        decode(attributes(record), into: &found)
        if times == nil { found.note = "The session is in a serializer of the application's own." }
        found.location = springLocation(record, times, id)
        return found
    }

    private func isIndexed(_ record: HashRecord, _ times: SpringTimes?, at now: Timestamp) -> Bool {
        guard !record.hasShadow, let end = times?.end, let life = record.life else { return record.hasShadow }
        return now + life - end > Self.margin
    }

    private func attributes(_ record: HashRecord) -> [PayloadPart] {
        let lead = SpringPlace.attribute.utf8
        return record.parts.filter { $0.name.starts(with: lead) }
            .map { PayloadPart(name: Array($0.name.dropFirst(lead.count)), value: $0.value) }
    }

    private func springLocation(
        _ record: HashRecord, _ times: SpringTimes?, _ id: ArraySlice<UInt8>
    ) -> [(name: String, value: String)] {
        let life = record.life.map { "\($0.wholeMilliseconds) ms" } ?? "none"
        let key = [("key", shown(record.key, id: id)), ("time to live", life)]
        guard let times else { return key }
        let interval = times.interval < 0 ? "never" : "\(times.interval) s"
        return key + [(SpringPlace.seen, "\(times.seen)"), (SpringPlace.interval, interval)]
    }
}
