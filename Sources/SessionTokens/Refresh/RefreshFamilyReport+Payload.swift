public import Sessions

extension RefreshFamilyReport {
    /// Reads what a family's payload says, for an operator.
    ///
    /// It gives `nil` where the payload is no refresh family's.
    ///
    /// - Parameter plain: a session's payload, opened; any bytes may come.
    public init?(payload plain: [UInt8]) {
        guard let record = FamilyRecord(bytes: plain) else { return nil }
        let uses = record.branches.map { branch in
            Use(generation: branch.generation, at: branch.use.at, ip: branch.use.ip, agent: branch.use.agent)
        }
        self.init(uses: uses, parents: record.ancestors, children: record.children, exposure: record.exposure)
    }
}
