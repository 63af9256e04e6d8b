extension State {
    /// Takes in what happened, and says what is to be done about it.
    ///
    /// - Parameter action: what happened.
    /// - Returns: what is to be done, in order.
    public mutating func update(_ action: Action) -> [Effect] {
        []
    }
}
