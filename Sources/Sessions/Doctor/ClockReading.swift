/// A server's clock, and this machine's before it was asked and after it had answered.
package struct ClockReading: Sendable, Equatable {
    /// What the server said.
    package var server: Timestamp
    /// When it was asked.
    package var asked: Timestamp
    /// When it had answered.
    package var answered: Timestamp
    /// How far apart two of the server's readings lie: a second where it counts in seconds.
    package var step: Duration

    /// Makes one; `nil` for a reading that is no clock's: before 1970 or after the year 9999.
    package init?(server: Timestamp, asked: Timestamp, answered: Timestamp, step: Duration = .milliseconds(1)) {
        guard (0...253_402_300_799_999).contains(server.milliseconds) else { return nil }
        (self.server, self.asked, self.answered, self.step) = (server, asked, answered, step)
    }

    /// How far the server's clock is ahead of this machine's at least; negative where it is behind.
    package var ahead: Duration {
        // This machine's own clock may have been set back meanwhile.
        let (first, last) = (min(asked, answered), max(asked, answered))
        if server > last { return server - last }
        return server + step < first ? server + step - first : .zero
    }
}

extension ClockReading? {
    /// What is to be said about it.
    ///
    /// - Returns: the finding `clock`.
    package var finding: Finding {
        guard let reading = self else { return Finding("clock", .unknown, "the server doesn't tell its time") }
        let apart = max(reading.ahead, .zero - reading.ahead)
        guard apart > Doctor.clockTolerance else {
            return Finding("clock", .fine, "the server's clock agrees with this machine's")
        }
        let side = reading.ahead > .zero ? "ahead of" : "behind"
        return Finding(
            "clock", .warning, "the server's clock is \(apart.components.seconds) s \(side) this machine's",
            advice: "keep the clocks of servers, nodes and operators together with NTP: deadlines are kept by them")
    }
}
