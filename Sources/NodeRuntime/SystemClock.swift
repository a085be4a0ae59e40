import Foundation
package import Primitives

/// The machine's clock, read in the node's shell only; rules know block time alone.
package enum SystemClock {
    /// Now.
    package static var now: Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
