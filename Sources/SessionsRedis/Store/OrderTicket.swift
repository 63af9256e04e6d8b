internal import Sessions

/// An operator's order while it is carried out.
///
/// Each step keeps what it did with the ticket, so that no change is ever without its record: who dies before the audit
/// log has its entry leaves the ticket, and the next purge writes the entry.
struct OrderTicket: Sendable {
    /// Random, so that no two orders share one.
    var id: [UInt8]
    var action: AuditAction
    var target: String
    var order: Order

    init(_ action: AuditAction, target: String, order: Order) {
        id = (0..<16).map { _ in .random(in: .min ... .max) }
        self.action = action
        self.target = target
        self.order = order
    }

    /// What the store keeps of it.
    var header: [UInt8] {
        var writer = PackedWriter()
        writer.add(action.rawValue)
        writer.add(target)
        writer.add(order.actor)
        writer.add(order.reason)
        writer.add(order.at)
        return writer.bytes
    }

    /// Reads what the store keeps of it.
    init(id: [UInt8], header: [UInt8]) throws {
        var reader = try PackedReader(header)
        guard let action = AuditAction(rawValue: try reader.text()) else { throw PackedReader.corrupt }
        self.id = id
        self.action = action
        target = try reader.text()
        let (actor, reason) = (try reader.text(), try reader.optionalText())
        order = Order(actor: actor, reason: reason, at: try reader.moment())
    }
}

extension PackedWriter {
    /// A ticket and its header; nothing twice where there is none.
    mutating func add(_ ticket: OrderTicket?) {
        if let ticket {
            add(ticket.id)
            add(ticket.header)
        } else {
            addNothing()
            addNothing()
        }
    }
}

extension AuditOutcome {
    /// Reads outcomes as a ticket keeps them: the 32 bytes of each id, then the one word of them all.
    ///
    /// - Throws: `SessionsError` with `corrupt`. No word is as long as an id, so there is one way to take it apart.
    static func unpack(_ bytes: [UInt8]) throws -> [AuditOutcome] {
        let end = bytes.count / IDHash.byteCount * IDHash.byteCount
        guard end > 0, end < bytes.count else { throw PackedReader.corrupt }
        let word = String(decoding: bytes[end...], as: UTF8.self)
        return try stride(from: 0, to: end, by: IDHash.byteCount).map { place in
            guard let id = IDHash(digest: bytes[place..<place + IDHash.byteCount]) else { throw PackedReader.corrupt }
            return AuditOutcome(id: id, word: word)
        }
    }
}
