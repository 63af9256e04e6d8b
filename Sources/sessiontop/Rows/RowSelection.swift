import Sessions

/// Which rows a command is about: live ones, and ended ones where the filter speaks of states or ids.
struct RowSelection: Sendable {
    /// What they must match.
    let filter: Filter
    /// The layout of the store, which a filter may ask for.
    let layout: String

    /// Reads the filter that was given; none is every live session.
    ///
    /// - Throws: ``SessionsError`` with `usage`, with where it is wrong.
    init(_ text: String?, layout: String) throws {
        do throws(FilterError) {
            filter = try Filter.parse(text ?? "")
        } catch {
            throw SessionsError(.usage, "the filter can't be used: \(error)")
        }
        self.layout = layout
    }

    /// Whether a row belongs to it.
    func contains(_ row: SessionRow, at now: Timestamp) -> Bool { filter.includes(row, at: now, layout: layout) }
}

extension SessionDirectory {
    /// Reads all rows, a page at a time.
    ///
    /// - Parameter body: gets each row, and tells whether to go on.
    /// - Throws: what the store throws, and what `body` throws.
    func forEachRow(_ body: (SessionRow) throws -> Bool) async throws {
        var cursor: RowCursor?
        repeat {
            let page = try await rows(after: cursor, limit: 2000)
            for row in page.rows { guard try body(row) else { return } }
            cursor = page.next
        } while cursor != nil
    }
}
