import Dashboard
import Sessions

/// Telling which sessions are refresh families.
extension EffectRunner {
    /// Reads sessions one after the other: a look uses one connection at a time.
    func loadFamilies(_ ids: [IDHash]) async {
        do {
            let readings = try await ask("families", rows: \.count) {
                var readings: [IDHash: UserTokens.Reading] = [:]
                for id in ids { readings[id] = try await directory.detail(id).map(reading) ?? .session }
                return readings
            }
            inbox.post(.families(readings, failure: nil))
        } catch {
            inbox.post(.families([:], failure: "\(error)"))
        }
    }

    private func reading(of detail: SessionDetail) -> UserTokens.Reading {
        let payload = PayloadReading(detail, keys: keys)
        if let family = payload.family { return .family(TokenFamily(detail, family)) }
        return payload.note != nil && detail.client != nil ? .sealed : .session
    }
}
