internal import Sessions

/// Reading Spring's sessions in Redis.
extension Layout {
    func read(_ record: HashRecord, _ place: SpringPlace) -> FoundSession? {
        guard let id = SpringPlace.keys.id(of: record.key),
            [SpringPlace.created, SpringPlace.seen, SpringPlace.interval].allSatisfy({ record[$0] != nil })
        else { return nil }
        let times = SpringTimes(record)
        // A shadow key is the indexed repository's alone. Where it has gone, the session has ended: the hash stays for five
        // minutes, for those who listen.
        guard times?.interval != 0, place.isIndexed || !record.hasShadow else { return nil }
        var found = FoundSession(key: record.key, id: id)
        found.row.created = times?.created
        found.row.seen = times?.seen
        found.row.deadlines.idle = times?.end
        found.row.byteCount = record.byteCount
        decode(attributes(record), into: &found)
        found.isEndUnknown = times == nil
        if times == nil { found.note = "The session is in a serializer of the application's own." }
        found.location = springLocation(record, times, id)
        return found
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
