import Sessions

extension StoreAccess {
    /// Opens a store in the layout that was asked for, else in our own, else in whichever other one is found there.
    ///
    /// - Parameters:
    ///   - native: opens a store of our own.
    ///   - foreign: opens another framework's sessions in a layout; `nil`: in the one that is found out.
    /// - Returns: the store.
    /// - Throws: what the two throw; where neither finds anything, what our own does where nothing is there at all, else
    ///   what the other one says.
    func attach(
        native: () async throws -> any SessionDirectory, foreign: (String?) async throws -> any SessionDirectory
    ) async throws -> any SessionDirectory {
        if let foreignLayout { return try await foreign(foreignLayout) }
        do {
            return try await native()
        } catch let error as SessionsError where mayDetect && [.notAStore, .storeNotFound].contains(error.code) {
            do {
                return try await foreign(nil)
            } catch let other as SessionsError where [.notAStore, .storeNotFound, .unsupported].contains(other.code) {
                throw error
            }
        }
    }
}
