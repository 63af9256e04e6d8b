import Sessions

extension StoreAccess {
    /// Opens a store in the layout that was asked for, else in our own, else in whichever other one is found there.
    ///
    /// - Parameters:
    ///   - native: opens a store of our own.
    ///   - foreign: opens another framework's sessions in a layout; `nil`: in the one that is found out.
    /// - Returns: the store.
    /// - Throws: what the two throw; where the place could be read and holds no such sessions, ``SessionsError`` with
    ///   `usage`: nothing is out of reach, another place or layout has to be named.
    func attach(
        native: () async throws -> any SessionDirectory, foreign: (String?) async throws -> any SessionDirectory
    ) async throws -> any SessionDirectory {
        do {
            if let foreignLayout { return try await foreign(foreignLayout) }
            return try await find(native: native, foreign: foreign)
        } catch let error as SessionsError where error.code == .notAStore {
            throw SessionsError(.usage, error.message, cause: error.cause)
        }
    }

    /// Opens a store of our own, else whatever is found there where no layout was asked for.
    private func find(
        native: () async throws -> any SessionDirectory, foreign: (String?) async throws -> any SessionDirectory
    ) async throws -> any SessionDirectory {
        do {
            return try await native()
        } catch let error as SessionsError where mayDetect && [.notAStore, .storeNotFound].contains(error.code) {
            do {
                return try await foreign(nil)
            } catch let other as SessionsError where other.code == .storeNotFound {
                throw error
            } catch let other as SessionsError where [.notAStore, .unsupported].contains(other.code) {
                let hint = "; sessiontop's own sessions are there once a service or a demo has begun them"
                let words = other.message + (error.code == .storeNotFound ? hint : "")
                throw SessionsError(.notAStore, words, cause: other.cause)
            }
        }
    }
}
