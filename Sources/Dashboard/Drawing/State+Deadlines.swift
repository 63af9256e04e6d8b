internal import Sessions

extension State {
    /// Whether the store tells when its sessions end: where it doesn't, a session without a deadline may have one.
    ///
    /// Before it has counted them, what is known of their layout says so.
    var knowsDeadlines: Bool { statistics.latest?.knowsDeadlines ?? (store.description.notes?.unknown == nil) }
}
