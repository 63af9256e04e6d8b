extension Int {
    /// The size of a value, in bytes, as a server or a row tells it, which may be anything.
    ///
    /// None is below zero and none beyond a terabyte, so that millions of them can be added up.
    package init(toldSize size: Int64) { self.init(Swift.min(Swift.max(0, size), 1 << 40)) }
}
