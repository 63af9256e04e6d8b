internal import Sessions

/// A lease as memcached makes one: the CAS of the empty item, and the run of the server that gave it.
///
/// A server that restarts counts its CAS from 1 again, and might give the number of an old lease to a tombstone: so the
/// run is a part of the lease. (A proxy that keeps its clients' connections while its servers restart would hide that:
/// put none in between.)
struct MemcachedLease: Equatable {
    /// The largest CAS that fits: a server that makes a million changes a second gets there in nine years.
    private static let largestCAS: UInt64 = 1 << 48 - 1

    /// The lease item's CAS.
    let cas: UInt64
    /// The run of the server.
    let run: UInt16

    /// Takes a lease; `nil`: its CAS can't be remembered.
    init?(cas: UInt64, run: UInt16) {
        guard (1...Self.largestCAS).contains(cas) else { return nil }
        (self.cas, self.run) = (cas, run)
    }

    /// Reads a token; `nil` for one that is no lease: a CAS of 0 would compare nothing.
    init?(_ lease: SharedLease) {
        self.init(cas: lease.token & Self.largestCAS, run: UInt16(truncatingIfNeeded: lease.token >> 48))
    }

    /// The token that stands for it.
    var shared: SharedLease { SharedLease(token: UInt64(run) << 48 | cas) }
}
